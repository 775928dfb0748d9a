const nsPerSecond = 1_000_000_000;

/** A duration in the whole seconds that iperf3 and sockperf take on their command lines, rounded up. */
export function wholeSeconds(durationNs: number): number {
  return Math.ceil(durationNs / nsPerSecond);
}

/** A duration as the tools really run it, in ns. */
export function wholeSecondsNs(durationNs: number): number {
  return wholeSeconds(durationNs) * nsPerSecond;
}
