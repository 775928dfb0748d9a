import { median } from './median.ts';
import { unusable } from './moments.ts';
import { normalCdf } from './normal.ts';

/** With fewer boots no order of them is rare enough to speak of drift: 4 in order happen by chance in 1 of 12 runs. */
export const driftFrom = 5;
/** A run without drift is flagged in at most this share of cases. */
const falseFlagRate = 0.05;
/** Up to this many boots a side the null distribution is counted, beyond it is taken for normal. */
const exactUpTo = 20;

export interface Drift {
  /** False too where there are too few boots to say: then `reason` is not null. */
  readonly isDrifting: boolean;
  /** Median change from one boot to the next, as a share of the median boot (Theil and Sen's slope); null where it can't be had. */
  readonly perBootShare: number | null;
  /** Two-sided, of Mann and Kendall's test; null where there are too few boots. */
  readonly pValue: number | null;
  readonly reason: string | null;
}

/** Theil and Sen's slope as a share of the median (P. K. Sen, Journal of the American Statistical Association 63, 1968); null where that is no number. */
function slopeOf(side: readonly number[]): number | null {
  const slopes = side.flatMap((later, at) =>
    side.slice(0, at).map((earlier, before) => (later - earlier) / (at - before)),
  );
  const share = median(slopes) / median(side);
  return Number.isFinite(share) ? share : null;
}

/** Later boots above earlier ones, less those below. */
function kendallSum(side: readonly number[]): number {
  let sum = 0;
  for (const [at, later] of side.entries()) {
    for (let before = 0; before < at; before += 1) sum += Math.sign(later - (side[before] ?? later));
  }
  return sum;
}

function hasTies(side: readonly number[]): boolean {
  return new Set(side).size < side.length;
}

/** How likely each number of inversions is among all orders of `counts` boots a side: M. G. Kendall, Rank Correlation Methods (1948). */
function inversionShares(counts: readonly number[]): number[] {
  let shares = [1];
  for (const size of counts.flatMap((count) => Array.from({ length: count - 1 }, (_, at) => at + 2))) {
    let within = 0;
    shares = Array.from({ length: shares.length + size - 1 }, (_, inversions) => {
      within += (shares[inversions] ?? 0) - (shares[inversions - size] ?? 0);
      return Math.max(0, within) / size;
    });
  }
  return shares;
}

function exactPValue(sides: readonly (readonly number[])[], sum: number): number {
  const pairs = sides.reduce((all, side) => all + (side.length * (side.length - 1)) / 2, 0);
  const shares = inversionShares(sides.map((side) => side.length));
  return shares.reduce(
    (p, share, inversions) => (Math.abs(pairs - 2 * inversions) >= Math.abs(sum) ? p + share : p),
    0,
  );
}

/** Variance of the sum without drift, with what ties take off: M. G. Kendall, Rank Correlation Methods (1948). */
function kendallVariance(side: readonly number[]): number {
  const groups = new Map<number, number>();
  for (const value of side) groups.set(value, (groups.get(value) ?? 0) + 1);
  const term = (count: number): number => (count * (count - 1) * (2 * count + 5)) / 18;
  return term(side.length) - [...groups.values()].reduce((sum, count) => sum + term(count), 0);
}

function normalPValue(sides: readonly (readonly number[])[], sum: number): number {
  const variance = sides.reduce((all, side) => all + kendallVariance(side), 0);
  if (variance === 0) return 1;
  // One less: the sum jumps by 2, and the normal curve is read half-way (continuity correction).
  return Math.min(1, 2 * normalCdf(-Math.max(0, Math.abs(sum) - 1) / Math.sqrt(variance)));
}

function pValueOf(sides: readonly (readonly number[])[]): number {
  const sum = sides.reduce((all, side) => all + kendallSum(side), 0);
  const isExact = sides.every((side) => side.length <= exactUpTo && !hasTies(side));
  return isExact ? exactPValue(sides, sum) : normalPValue(sides, sum);
}

/** Why nothing can be said about drift, in a sentence; null where something can. */
function whyNot(sides: readonly (readonly number[])[]): string | null {
  const problem = sides.map(unusable).find((reason) => reason !== null);
  if (problem !== undefined) return problem;
  if (sides.some((side) => side.length >= driftFrom)) return null;
  return `Too few boots to say whether there is drift: ${driftFrom} are needed.`;
}

/**
 * Whether the figures rise or fall over the run, by Mann and Kendall's test (H. B. Mann, Econometrica 13, 1945) on each side's own order, the
 * sides' sums added (R. M. Hirsch and J. R. Slack, Water Resources Research 20, 1984), so that a difference between the sides is not taken for drift.
 * False where there are too few boots to say.
 * @param sides each in the order of time
 */
export function isDrifting(sides: readonly (readonly number[])[]): boolean {
  return whyNot(sides) === null && pValueOf(sides) < falseFlagRate;
}

/** How the figures of one side rise or fall over the run: see `isDrifting`. Over 10 boots, a drift of one and a half of their standard deviations is seen in a fifth of runs, one of five in 95 %. */
export function driftOf(samplesInTimeOrder: readonly number[]): Drift {
  const sides = [samplesInTimeOrder];
  const reason = whyNot(sides);
  if (reason !== null) return { isDrifting: false, perBootShare: null, pValue: null, reason };
  const pValue = pValueOf(sides);
  return { isDrifting: pValue < falseFlagRate, perBootShare: slopeOf(samplesInTimeOrder), pValue, reason: null };
}
