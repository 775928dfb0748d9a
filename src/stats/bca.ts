import { confidence, type Interval } from './interval.ts';
import { normalCdf, normalQuantile } from './normal.ts';

/** Standard errors that a normal distribution's interval reaches to each side. */
export const normalReach = normalQuantile((1 + confidence) / 2);
/** Replicates this near to the estimate, as a share of their spread, are ties with it: they differ by rounding only. */
const tieShare = 1e-9;

export interface BcaInput {
  /** The statistic of each resample; sorted in place. */
  readonly replicates: Float64Array;
  /** The statistic of the sample itself. */
  readonly observed: number;
  /** For each independent sample, the statistic with one of its values left out, value by value. */
  readonly leaveOneOut: readonly Float64Array[];
  /** How many times as far from the estimate as Efron's interval ours reaches, on both sides: 1 for his own. */
  readonly widening: number;
  /** Share of the bias correction and the acceleration that is believed: 1 for Efron's interval, 0 for a percentile interval. */
  readonly trust: number;
}

/**
 * The acceleration: a sixth of the skewness of the statistic's influence values, over all independent samples.
 * Source: B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap (1993), eq. 14.15; for several samples A. C. Davison and D. V. Hinkley, Bootstrap Methods (1997), eq. 5.26 with 3.3.
 */
export function acceleration(leaveOneOut: readonly Float64Array[]): number {
  let cubes = 0;
  let squares = 0;
  for (const values of leaveOneOut) {
    let mean = 0;
    for (const value of values) mean += value / values.length;
    for (const value of values) {
      const influence = ((values.length - 1) * (mean - value)) / values.length;
      cubes += influence ** 3;
      squares += influence ** 2;
    }
  }
  return squares > 0 ? cubes / (6 * squares ** 1.5) : 0;
}

/** The bias correction z0: normal quantile of the share of replicates below the estimate, ties counting half (Efron and Tibshirani 1993, eq. 14.14). */
function biasCorrection(sorted: Float64Array, observed: number): number {
  const tie = tieShare * ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0));
  let below = 0;
  for (const value of sorted) {
    if (value < observed - tie) below += 1;
    else if (value <= observed + tie) below += 0.5;
    else break;
  }
  return normalQuantile(Math.min(Math.max(below, 0.5), sorted.length - 0.5) / sorted.length);
}

/** The value below which a share of the sorted replicates lies, between neighbours by straight line; the outermost beyond the ends. */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = Math.min(Math.max(share * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const before = sorted[Math.floor(place)] ?? 0;
  const after = sorted[Math.ceil(place)] ?? before;
  return before + (after - before) * (place - Math.floor(place));
}

/** Which share of the replicates lies below the end of the interval that plainly would be at `z` (eq. 14.10); past the pole it is the outermost. */
function shareAt(z: number, bias: number, skew: number): number {
  const shifted = bias + z;
  const shrink = 1 - skew * shifted;
  return normalCdf(shrink <= 0 ? Math.sign(shifted) * Infinity : bias + shifted / shrink);
}

/**
 * How far the skewness of so few boots can be believed. The skewness of a sample of a normal distribution has a variance of about 6 / n, so where
 * the skewness of boots itself varies by about 0.8 between metrics, the best linear guess of it is n / (n + 10) times what was seen. With 10 boots
 * that is half; with many it is all, and the interval is Efron's.
 */
export function trustIn(boots: number): number {
  return boots / (boots + 10);
}

/**
 * The bias-corrected and accelerated bootstrap interval.
 * Source: B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical Association 82 (1987).
 */
export function bcaInterval({ replicates, observed, leaveOneOut, widening, trust }: BcaInput): Interval {
  const sorted = replicates.sort();
  const bias = trust * biasCorrection(sorted, observed);
  const skew = trust * acceleration(leaveOneOut);
  const end = (z: number): number => observed + widening * (quantileOf(sorted, shareAt(z, bias, skew)) - observed);
  return { low: end(-normalReach), high: end(normalReach) };
}
