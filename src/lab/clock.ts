/** CLOCK_MONOTONIC in ns. Exact as a number for the first 104 days of a host's uptime, within 2 ns after. */
export function monotonicNs(): number {
  return Number(process.hrtime.bigint());
}
