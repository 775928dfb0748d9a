/** Spread below this share of the mean's size is rounding, not spread: 2^-40, some thousand times the precision of a double. */
const roundingShare = 2 ** -40;

/** Samples divided by a power of two, so that neither sums nor squares leave a double's range; dividing so is exact. */
export interface ScaledSamples {
  /** Ascending, the largest of them between 1 and 2 in size (or all 0). */
  readonly sorted: Float64Array;
  /** The samples are `sorted` times two to this power. */
  readonly exponent: number;
  /** Mean of `sorted`. */
  readonly mean: number;
  /** Sample variance of `sorted` (divided by n - 1); 0 with one sample and where the spread is only rounding. */
  readonly variance: number;
}

/** The power of two by which `samples` are divided; -1000 at the least, so that its inverse is finite. */
export function exponentOf(samples: readonly number[]): number {
  const largest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return largest === 0 ? 0 : Math.max(-1000, Math.floor(Math.log2(largest)));
}

/** `value` times two to the power of `exponent`, in two steps, as 2^1024 is not finite where the product may well be. */
export function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}

/** Whether all are alike but for rounding. */
export function isConstant(values: Float64Array, mean: number): boolean {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least <= roundingShare * Math.abs(mean);
}

/** @param samples finite, at least one */
export function scaled(samples: readonly number[]): ScaledSamples {
  const exponent = exponentOf(samples);
  const sorted = Float64Array.from(samples, (sample) => timesPowerOfTwo(sample, -exponent)).sort();
  const mean = meanOf(sorted);
  let squares = 0;
  for (const value of sorted) squares += (value - mean) ** 2;
  return { sorted, exponent, mean, variance: isConstant(sorted, mean) ? 0 : squares / (sorted.length - 1) };
}

/** Squared standard deviation relative to the mean. */
export function relativeVariance({ mean, variance }: ScaledSamples): number {
  return variance / mean ** 2;
}

/** Arithmetic mean; NaN where there is nothing. */
export function meanOf(values: Float64Array | readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Why these samples can't be worked with at all, in a sentence; null where they can. */
export function unusable(samples: readonly number[]): string | null {
  if (samples.length === 0) return 'There is no boot with this figure.';
  if (!samples.every(Number.isFinite)) return "A boot's figure is not a finite number.";
  return null;
}
