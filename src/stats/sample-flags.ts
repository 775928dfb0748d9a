import { bimodalityOf } from './bimodality.ts';
import { isDrifting } from './drift.ts';
import type { TwoSides } from './ratio.ts';

export type SampleFlag = 'bimodal' | 'drift' | 'few-boots' | 'zero-variance';

/**
 * Fewer boots a side than this are flagged: 5 against 5 can't give a p-value under 0.0079, which after Holm over seven metrics finds nothing,
 * and an interval from so few covers its 95 % only where the boots are about normal.
 */
const fewBoots = 6;

/** What a reader should know of the boots before believing anything; the boots of each side in the order of time. */
export function flagsOf({ baseline, candidate }: TwoSides): SampleFlag[] {
  const sides = [baseline, candidate];
  const isConstant = (side: readonly number[]): boolean => side.length > 1 && side.every((value) => value === side[0]);
  const flags: readonly (readonly [SampleFlag, boolean])[] = [
    ['few-boots', sides.some((side) => side.length < fewBoots)],
    ['zero-variance', sides.some(isConstant)],
    ['bimodal', sides.some((side) => bimodalityOf(side).isBimodal)],
    ['drift', isDrifting(sides)],
  ];
  return flags.flatMap(([flag, isSet]) => (isSet ? [flag] : []));
}
