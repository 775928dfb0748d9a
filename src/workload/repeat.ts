const secondNs = 1e9;
/** Where a note does not say: what a workload in a file has by default. */
const usualSeconds = 30;

/** A duration as an experiment's file has it; what had to be assumed is added to `assumed`. */
export function repeatedDuration(durationNs: number | null, assumed: string[]): string {
  if (durationNs === null) {
    assumed.push(`${String(usualSeconds)} s, as the note does not say for how long`);
    return `${String(usualSeconds)}s`;
  }
  const whole = Math.max(1, Math.round(durationNs / secondNs));
  if (whole * secondNs !== durationNs) assumed.push(`${String(whole)} s, as the tools take whole seconds only`);
  return `${String(whole)}s`;
}

/** What the note says, or `fallback`: then `what` is added to what had to be assumed. */
export function saidOr<T>(value: T | null, fallback: T, said: { assumed: string[]; what: string }): T {
  if (value === null) said.assumed.push(said.what);
  return value ?? fallback;
}
