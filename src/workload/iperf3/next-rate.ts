import type { RateSearch, RateSearchStep } from '../../record/rate-search.ts';

/**
 * A step takes this long: at 10,000 datagrams a second 0.1 % of it are 20 of them. RFC 2544 (section 24) asks for 60 s; that the rate holds for longer is
 * what the window itself shows.
 */
export const stepDurationNs = 2e9;
/** Of which some are repetitions; a search ends by then, however fine it is. */
export const mostSteps = 16;
/** As fine as it gets: boots of one machine differ by more. */
const fineEnough = 0.02;
/**
 * A step that lost so much more than the limit is not run again: what passes by itself (a busy host) costs less of it. RFC 9004 (section 6.2) and ETSI GS
 * NFV-TST 009 (section 12.3.3, there the threshold z): binary search with loss verification.
 */
const beyondDoubt = 0.1;
/** iperf3 takes whole bits; a search ends before. */
const leastBitsPerSecond = 1_000;

export interface RateLimits {
  /** The highest rate that is tried; null: as fast as the sender goes. */
  readonly highest: number | null;
  readonly mostLostShare: number;
}

/** What passed and what failed so far. */
interface Bracket {
  readonly passed: RateSearchStep | null;
  /** The lowest rate that failed; null where none did. */
  readonly failedAt: number | null;
}

/** The rate that a step stands for: what was asked for, of the highest no more than the sender gave. null: nobody knows. */
function offeredRate(
  { targetBitsPerSecond, sentBitsPerSecond }: RateSearchStep,
  { highest }: RateLimits,
): number | null {
  if (targetBitsPerSecond !== highest || sentBitsPerSecond === null || sentBitsPerSecond < leastBitsPerSecond)
    return targetBitsPerSecond;
  return Math.floor(Math.min(targetBitsPerSecond ?? Infinity, sentBitsPerSecond));
}

/** Whether a step is to be run again before its rate counts as failed: once, unless it lost far too much. */
function isOpen(step: RateSearchStep, before: RateSearchStep | undefined, { mostLostShare }: RateLimits): boolean {
  if (step.hasPassed) return false;
  const isFarBeyond = step.lostShare !== null && step.lostShare > mostLostShare + beyondDoubt;
  const isSecond = before !== undefined && before.targetBitsPerSecond === step.targetBitsPerSecond;
  return !isFarBeyond && !isSecond;
}

function bracketOf(steps: readonly RateSearchStep[], limits: RateLimits): Bracket {
  let passed: RateSearchStep | null = null;
  let failedAt: number | null = null;
  for (const [index, step] of steps.entries()) {
    if (step.hasPassed) passed = step;
    else if (!isOpen(step, steps[index - 1], limits)) failedAt = offeredRate(step, limits) ?? failedAt;
  }
  return { passed, failedAt };
}

/** What comes next: a step at this rate (null: as fast as it goes), or the end. */
export type NextRate =
  | { readonly ask: number | null }
  | Pick<RateSearch, 'outcome' | 'highestBitsPerSecond' | 'targetBitsPerSecond' | 'failedBitsPerSecond'>;

/** The end of a search: the best that is known. */
function ended(steps: readonly RateSearchStep[], { passed, failedAt }: Bracket, isHighest: boolean): NextRate {
  if (passed !== null) {
    return {
      outcome: isHighest ? 'highest-passed' : 'between',
      highestBitsPerSecond: passed.bitsPerSecond,
      targetBitsPerSecond: passed.targetBitsPerSecond,
      failedBitsPerSecond: failedAt,
    };
  }
  const lowest = steps.at(-1)?.targetBitsPerSecond ?? null;
  return {
    outcome: 'none-passed',
    highestBitsPerSecond: null,
    targetBitsPerSecond: lowest,
    failedBitsPerSecond: failedAt,
  };
}

/**
 * The next step of a search, by all steps so far: first the highest rate, and where that fails, halfway between the highest rate that passed (at first 0) and
 * the lowest that failed. Ends after `mostSteps` at the latest.
 */
export function nextRate(steps: readonly RateSearchStep[], limits: RateLimits): NextRate {
  const last = steps.at(-1);
  if (last === undefined) return { ask: limits.highest };
  const bracket = bracketOf(steps, limits);
  const { passed, failedAt } = bracket;
  const isHighest = passed !== null && passed.targetBitsPerSecond === limits.highest;
  if (isHighest || steps.length >= mostSteps) return ended(steps, bracket, isHighest);
  if (isOpen(last, steps.at(-2), limits)) return { ask: last.targetBitsPerSecond };
  // As fast as it goes failed, and nobody knows how fast that was.
  if (failedAt === null) return ended(steps, bracket, false);
  const from = passed?.targetBitsPerSecond ?? 0;
  const middle = Math.floor((from + failedAt) / 2);
  const isFine = failedAt - from <= failedAt * fineEnough;
  return isFine || middle <= from || middle < leastBitsPerSecond ? ended(steps, bracket, false) : { ask: middle };
}
