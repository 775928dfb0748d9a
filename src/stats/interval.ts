/** A 95 % interval, in the unit of what it is an interval of. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Share of true values that our intervals are made to cover. */
export const confidence = 0.95;
