/**
 * Something that is read at both edges of the window. A reading is the difference of two snapshots.
 * `S` is what one snapshot holds, `R` what the difference gives.
 */
export interface Probe<S, R> {
  readonly name: string;
  /** @throws TapbenchError `PROBE_FAILED` */
  snapshot(): Promise<S>;
  /** Counters only grow: a smaller later value is `PROBE_FAILED`. */
  difference(opening: S, closing: S): R;
}
