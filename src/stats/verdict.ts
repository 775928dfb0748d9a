import { smallestPValue } from './permutation.ts';
import type { RatioEstimate } from './ratio.ts';

/** A family of tests raises a false alarm in at most this share of experiments. */
export const alarmRate = 0.05;

export type VerdictName = 'better' | 'worse' | 'same' | 'cannot-tell';

export interface Verdict {
  readonly verdict: VerdictName;
  /** One plain sentence. */
  readonly reason: string;
}

export interface VerdictInput {
  readonly ratio: RatioEstimate;
  /** After Holm over the comparison's metrics; null where there was no test. */
  readonly adjustedPValue: number | null;
  /** The least relative change that matters: 0.03 is 3 %. */
  readonly threshold: number;
  readonly betterIs: 'higher' | 'lower';
  readonly boots: { readonly baseline: number; readonly candidate: number };
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function cannotTell(reason: string): Verdict {
  return { verdict: 'cannot-tell', reason };
}

function changed(isUp: boolean, { betterIs }: VerdictInput, reason: string): Verdict {
  return { verdict: isUp === (betterIs === 'higher') ? 'better' : 'worse', reason };
}

/** Why the test finds no difference, in a sentence. */
function notSignificant({ adjustedPValue, boots, threshold }: VerdictInput): string {
  if (adjustedPValue === null) return 'There is no p-value.';
  const least = smallestPValue(boots.baseline, boots.candidate);
  if (least >= alarmRate) {
    return `Too few boots: ${boots.baseline} against ${boots.candidate} can't give a p-value under ${Number(least.toPrecision(2))}.`;
  }
  return `No difference is shown, but the interval is too wide to call them the same within ${percent(threshold)}.`;
}

/** The verdict where there is a ratio but no interval, or where one side is always 0: only a test can speak, as there is no spread. */
function withoutInterval(input: VerdictInput): Verdict {
  const { ratio, adjustedPValue, threshold } = input;
  const reason = ratio.reason ?? 'There is no interval.';
  if (ratio.plainDirection === null) return cannotTell(reason);
  const reachesThreshold = ratio.value === null || Math.abs(Math.log(ratio.value)) >= Math.log1p(threshold);
  if (!reachesThreshold) return cannotTell(reason);
  if (adjustedPValue === null || adjustedPValue >= alarmRate) return cannotTell(notSignificant(input));
  return changed(ratio.plainDirection === 'up', input, `${reason} But they differ in every boot.`);
}

/**
 * What can be said of two sides.
 *
 * `same`: the ratio's whole 95 % interval lies inside 1/(1 + threshold) to 1 + threshold.
 * `better`, `worse`: the adjusted p-value is under 0.05, the interval excludes 1, and the ratio itself is at least the threshold away from 1.
 * `cannot-tell`: all else, with the reason.
 */
export function verdictOf(input: VerdictInput): Verdict {
  const { ratio, adjustedPValue, threshold, boots } = input;
  if (ratio.value === null || ratio.interval === null) return withoutInterval(input);
  const { low, high } = ratio.interval;
  if (low >= 1 / (1 + threshold) && high <= 1 + threshold) {
    return { verdict: 'same', reason: `The whole interval lies within ${percent(threshold)} of no change.` };
  }
  const excludesOne = low > 1 || high < 1;
  if (adjustedPValue === null || adjustedPValue >= alarmRate) {
    if (!excludesOne || smallestPValue(boots.baseline, boots.candidate) >= alarmRate)
      return cannotTell(notSignificant(input));
    return cannotTell(
      'The interval excludes no change, but after allowing for all the metrics compared the p-value is not under 0.05.',
    );
  }
  if (!excludesOne) return cannotTell('The test shows a difference, but the interval includes no change.');
  if (Math.abs(Math.log(ratio.value)) >= Math.log1p(threshold)) {
    return changed(ratio.value > 1, input, `The difference is shown, and is ${percent(Math.abs(ratio.value - 1))}.`);
  }
  return cannotTell(`A change is there, but whether it reaches ${percent(threshold)} can't be told.`);
}
