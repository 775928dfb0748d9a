import { power } from './boots-needed.ts';
import { intervalFrom } from './estimate.ts';
import { relativeVariance, scaled, unusable } from './moments.ts';
import { smallestPValue } from './permutation.ts';
import type { TwoSides } from './ratio.ts';
import { studentQuantile } from './student-t.ts';
import { alarmRate } from './verdict.ts';

/**
 * The smallest change that boots like these would have shown with 80 % chance, as a share: 0.1 is +10 %. What a comparison can see on this host,
 * whatever it found. Allows for `tests` tests at once (Bonferroni, which Holm is at its strictest). null where the spread is not known, or so few boots can show nothing.
 * Source: the least detectable difference of a t test of two means, S.-C. Chow, J. Shao and H. Wang, Sample Size Calculations in Clinical
 * Research (2003), section 3.2, of log means, with each side's relative variance.
 */
export function detectableChange({ baseline, candidate }: TwoSides, tests: number): number | null {
  if (unusable(baseline) !== null || unusable(candidate) !== null) return null;
  if (Math.min(baseline.length, candidate.length) < intervalFrom) return null;
  const level = alarmRate / Math.max(1, tests);
  if (smallestPValue(baseline.length, candidate.length) >= level) return null;
  const sides = [scaled(baseline), scaled(candidate)];
  if (sides.some(({ mean }) => mean <= 0)) return null;
  const squares = sides.reduce((sum, side) => sum + relativeVariance(side) / side.sorted.length, 0);
  if (squares === 0) return null;
  const degrees = baseline.length + candidate.length - 2;
  const reach = studentQuantile(1 - level / 2, degrees) + studentQuantile(power, degrees);
  const change = Math.expm1(reach * Math.sqrt(squares));
  return Number.isFinite(change) ? change : null;
}
