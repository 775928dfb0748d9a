import { intervalFrom } from './estimate.ts';
import { confidence } from './interval.ts';
import { relativeVariance, type ScaledSamples, scaled, unusable } from './moments.ts';
import { normalQuantile } from './normal.ts';
import { smallestPValue } from './permutation.ts';
import type { TwoSides } from './ratio.ts';
import { studentQuantile } from './student-t.ts';
import { alarmRate } from './verdict.ts';

/** With this chance the boots that would do lead to a verdict. */
export const power = 0.8;
/** Beyond this many a side nobody waits. */
const bootsAtMost = 100_000;

export interface BootsNeeded {
  /** Boots a side that would do; null where it can't be told (`reason` says why). */
  readonly boots: number | null;
  readonly reason: string | null;
}

export interface BootsNeededOptions extends TwoSides {
  /** The least relative change that matters: 0.03 is 3 %. */
  readonly threshold: number;
  /** Tests that Holm allows for, this one included; 1 unless told. */
  readonly tests?: number;
}

/** Natural logarithm of the mean of the samples themselves. */
function logMean({ mean, exponent }: ScaledSamples): number {
  return Math.log(mean) + exponent * Math.LN2;
}

/** A difference of log means that boots must be able to resolve, and with which chance on which side of it. */
interface Aim {
  /** Natural logarithm. */
  readonly distance: number;
  /** Quantile of the chance to get there. */
  readonly chance: number;
}

/** Whether `boots` a side resolve the distance, where a boot's relative variances of both sides add up to `spread`. */
function wouldDo(boots: number, spread: number, { distance, chance }: Aim): boolean {
  const degrees = 2 * (boots - 1);
  const reach = studentQuantile((1 + confidence) / 2, degrees) + studentQuantile(chance, degrees);
  return reach * Math.sqrt(spread / boots) <= distance;
}

/** The fewest boots a side, from `least` on, that resolve the distance; null where that is beyond what anybody waits for. */
function fewest(spread: number, aim: Aim, least: number): number | null {
  if (!wouldDo(bootsAtMost, spread, aim)) return null;
  // With z for t it is a formula, and t asks for a few more.
  const reach = (normalQuantile((1 + confidence) / 2) + normalQuantile(aim.chance)) / aim.distance;
  let boots = Math.max(least, Math.floor(spread * reach ** 2));
  while (!wouldDo(boots, spread, aim)) boots += 1;
  return boots;
}

/** The fewest boots a side whose permutation test can pass after Holm over that many tests. */
function fewestForTest(tests: number): number {
  let boots = intervalFrom;
  while (smallestPValue(boots, boots) * tests >= alarmRate) boots += 1;
  return boots;
}

/**
 * How many boots a side would do to tell. Where the change seen reaches the threshold: so many that a change of this size is shown with 80 %
 * chance (and that the permutation test can show anything at all), which is fewer than it takes to call them the same. Else: so many that two sides without a
 * difference are called the same with 80 % chance. Goes by the spread and the change seen, which from few boots are themselves rough.
 * Source: the sample sizes of a test and of an equivalence test of two means, S.-C. Chow, J. Shao and H. Wang, Sample Size Calculations in
 * Clinical Research (2003), section 3.2, here with 2.5 % a side as the 95 % interval must lie inside, and t for the normal.
 */
export function bootsNeeded({ baseline, candidate, threshold, tests = 1 }: BootsNeededOptions): BootsNeeded {
  const none = (reason: string): BootsNeeded => ({ boots: null, reason });
  const problem = unusable(baseline) ?? unusable(candidate);
  if (problem !== null) return none(problem);
  if (Math.min(baseline.length, candidate.length) < intervalFrom)
    return none(`The spread isn't known from fewer than ${intervalFrom} boots a side.`);
  if (!(threshold > 0)) return none('No number of boots shows that there is no difference at all.');
  const sides = [scaled(baseline), scaled(candidate)] as const;
  if (sides.some(({ mean }) => mean <= 0)) return none('A mean that is not above 0 has no relative spread.');
  const spread = sides.reduce((sum, side) => sum + relativeVariance(side), 0);
  if (spread === 0) return none('On each side every boot gave the same figure: the spread is not known.');
  const change = Math.abs(logMean(sides[1]) - logMean(sides[0]));
  const isLarge = change >= Math.log1p(threshold);
  const aim = isLarge
    ? { distance: change, chance: power }
    : { distance: Math.log1p(threshold), chance: (1 + power) / 2 };
  const boots = fewest(spread, aim, isLarge ? fewestForTest(tests) : intervalFrom);
  return boots === null ? none(`More than ${bootsAtMost} boots a side would be needed.`) : { boots, reason: null };
}
