import { bcaInterval, normalReach, trustIn } from './bca.ts';
import { intervalFrom } from './estimate.ts';
import { confidence, type Interval } from './interval.ts';
import { type ScaledSamples, scaled, timesPowerOfTwo, unusable } from './moments.ts';
import { seededRandom, seedOf } from './random.ts';
import { resampledMeans, resamplesFor } from './resample.ts';
import { studentQuantile } from './student-t.ts';

export interface RatioEstimate {
  /** Mean of the candidate over mean of the baseline; null where there is none (`reason` says why). */
  readonly value: number | null;
  /** 95 % interval of the ratio; null where it can't be had, and `reason` says why. */
  readonly interval: Interval | null;
  /**
   * Where no boot of either side differs from its neighbours there is no spread, so no interval, but a difference may be plain: the
   * candidate is always above (`up`) or below (`down`) the baseline. Also where one side is 0 in every boot and the other is not. Else null.
   */
  readonly plainDirection: 'up' | 'down' | null;
  readonly reason: string | null;
}

export interface TwoSides {
  /** One figure per boot. */
  readonly baseline: readonly number[];
  /** One figure per boot. */
  readonly candidate: readonly number[];
}

export interface RatioOptions extends TwoSides {
  readonly seed: number;
  /** Bootstrap resamples; 10,000 unless told; fewer from 50 boots on (1,000 with 500). */
  readonly resamples?: number;
}

/** Squared relative standard error of a mean. */
function relativeVariance({ sorted, mean, variance }: ScaledSamples): number {
  return variance / sorted.length / mean ** 2;
}

interface Spread {
  /** Standard error of the logarithm of the ratio (delta method). */
  readonly standardError: number;
  /** Degrees of freedom: B. L. Welch, Biometrika 34 (1947), on the relative variances. */
  readonly degrees: number;
  /** The standard error that the bootstrap works with, which divides by n and not by n - 1. */
  readonly bootstrapError: number;
}

function spreadOf(sides: readonly ScaledSamples[]): Spread {
  const parts = sides.map((side) => ({ share: relativeVariance(side), boots: side.sorted.length }));
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  return {
    standardError: Math.sqrt(total),
    degrees: 1 / parts.reduce((sum, { share, boots }) => sum + (share / total) ** 2 / (boots - 1), 0),
    bootstrapError: Math.sqrt(parts.reduce((sum, { share, boots }) => sum + (share * (boots - 1)) / boots, 0)),
  };
}

/** For each value, the logarithm of the mean without it. */
function leaveOneOutLogs({ sorted, mean }: ScaledSamples, sign: 1 | -1): Float64Array {
  return sorted.map((value) => sign * Math.log(mean + (mean - value) / (sorted.length - 1)));
}

/** Interval of the logarithm of upper over lower; null where a resample's mean is not above 0. */
function logInterval(lower: ScaledSamples, upper: ScaledSamples, { seed, resamples }: RatioOptions): Interval | null {
  const { standardError, degrees, bootstrapError } = spreadOf([lower, upper]);
  const observed = Math.log(upper.mean) - Math.log(lower.mean);
  const critical = studentQuantile((1 + confidence) / 2, degrees);
  const count = resamples ?? resamplesFor(Math.max(lower.sorted.length, upper.sorted.length));
  const lowerMeans = resampledMeans(lower.sorted, count, seededRandom(seedOf('lower', seed)));
  const upperMeans = resampledMeans(upper.sorted, count, seededRandom(seedOf('upper', seed)));
  const replicates = upperMeans;
  for (const [at, mean] of lowerMeans.entries())
    replicates[at] = Math.log(replicates[at] ?? Number.NaN) - Math.log(mean);
  if (!replicates.every(Number.isFinite)) return null;
  return bcaInterval({
    replicates,
    observed,
    leaveOneOut: [leaveOneOutLogs(lower, -1), leaveOneOutLogs(upper, 1)],
    widening: (critical * standardError) / (normalReach * bootstrapError),
    trust: trustIn(lower.sorted.length + upper.sorted.length),
  });
}

function without(reason: string, plainDirection: 'up' | 'down' | null = null): RatioEstimate {
  return { value: null, interval: null, plainDirection, reason };
}

/** The estimate where there can't be a ratio; null where there can. */
function noRatio(baseline: ScaledSamples, candidate: ScaledSamples): RatioEstimate | null {
  const isZero = ({ sorted }: ScaledSamples): boolean => sorted.every((value) => value === 0);
  const isBelowZero = ({ sorted }: ScaledSamples): boolean => (sorted[0] ?? 0) < 0;
  if (isZero(baseline) && isZero(candidate)) return without('Both sides are 0 in every boot: 0 to 0 is no ratio.');
  if (isBelowZero(baseline) || isBelowZero(candidate)) return without('A figure below 0 has no ratio.');
  if (isZero(baseline))
    return without('The baseline is 0 in every boot, and the candidate is not: there is no ratio.', 'up');
  if (isZero(candidate)) return without('The candidate is 0 in every boot, and the baseline is not.', 'down');
  return null;
}

/** Why there is a ratio without an interval, in a sentence; null where nothing stands against one. */
function whyNoInterval(baseline: ScaledSamples, candidate: ScaledSamples): string | null {
  const fewest = Math.min(baseline.sorted.length, candidate.sorted.length);
  if (fewest < intervalFrom) {
    return `An interval needs ${intervalFrom} boots a side, and one side has ${fewest}.`;
  }
  if (baseline.variance > 0 || candidate.variance > 0) return null;
  return 'On each side every boot gave the same figure: there is no spread to make an interval of.';
}

/** Which of the two is drawn from first must not depend on which is called the baseline, or swapping them would not invert the ratio. */
function isInOrder(baseline: ScaledSamples, candidate: ScaledSamples): boolean {
  const difference = Math.log2(candidate.mean / baseline.mean) + candidate.exponent - baseline.exponent;
  if (Math.abs(difference) > 1e-12) return difference > 0;
  return relativeVariance(candidate) >= relativeVariance(baseline);
}

function directionOf(value: number): 'up' | 'down' | null {
  return value === 1 ? null : value > 1 ? 'up' : 'down';
}

/** exp of the interval of the logarithm, for the side up; null where a double can't hold it. */
function ratioInterval(logs: Interval, shift: number): Interval | null {
  const low = Math.exp(logs.low + shift);
  const high = Math.exp(logs.high + shift);
  return low > 0 && Number.isFinite(high) ? { low, high } : null;
}

/**
 * How many times the baseline the candidate is: the ratio of the means over boots, with a 95 % interval: the two-sample BCa bootstrap of the
 * ratio's logarithm, widened for small samples as in `estimateOf`, with Welch's degrees of freedom. Swapping the sides inverts all of it.
 */
export function ratioOf(options: RatioOptions): RatioEstimate {
  const problem = unusable(options.baseline) ?? unusable(options.candidate);
  if (problem !== null) return without(problem);
  const baseline = scaled(options.baseline);
  const candidate = scaled(options.candidate);
  const none = noRatio(baseline, candidate);
  if (none !== null) return none;
  const value = timesPowerOfTwo(candidate.mean / baseline.mean, candidate.exponent - baseline.exponent);
  if (!(value > 0 && Number.isFinite(value))) return without('The ratio is beyond the range of numbers.');
  const reason = whyNoInterval(baseline, candidate);
  if (reason !== null) {
    const isEnough = Math.min(baseline.sorted.length, candidate.sorted.length) >= intervalFrom;
    return { value, interval: null, plainDirection: isEnough ? directionOf(value) : null, reason };
  }
  const isUpward = isInOrder(baseline, candidate);
  const logs = isUpward ? logInterval(baseline, candidate, options) : logInterval(candidate, baseline, options);
  if (logs === null) {
    return {
      value,
      interval: null,
      plainDirection: null,
      reason: 'So many boots are 0 that the mean of one side can be 0: the ratio has no bounds.',
    };
  }
  const upward = isUpward ? logs : { low: -logs.high, high: -logs.low };
  const interval = ratioInterval(upward, (candidate.exponent - baseline.exponent) * Math.LN2);
  return {
    value,
    interval,
    plainDirection: null,
    reason: interval === null ? 'The interval is beyond the range of numbers.' : null,
  };
}
