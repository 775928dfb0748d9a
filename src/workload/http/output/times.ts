import type { MeasuredDistribution } from '../../measured-figures.ts';
import { percentilesBy } from '../../output/message-statistics.ts';

/** How many requests took so long. */
export interface CountedTime {
  readonly us: number;
  readonly count: number;
}

export function countOf(times: readonly CountedTime[]): number {
  return times.reduce((sum, { count }) => sum + count, 0);
}

/** Of all requests together, us. */
export function sumOf(times: readonly CountedTime[]): number {
  return times.reduce((sum, { us, count }) => sum + us * count, 0);
}

/** Half a whole us, in ns. */
export const halfNs = (us: number): number => us * 500;

/** The time at a rank, by the same rule as for messages that are each known (`message-statistics.ts`). */
function percentile(times: readonly CountedTime[], fraction: number): number {
  const rank = Math.max(1, Math.floor(0.5 + fraction * countOf(times)));
  let seen = 0;
  for (const { us, count } of times) {
    seen += count;
    if (seen >= rank) return us;
  }
  return times.at(-1)?.us ?? 0;
}

/** With n - 1. */
function standardDeviation(times: readonly CountedTime[], mean: number): number {
  const squares = times.reduce((sum, { us, count }) => sum + count * (us - mean) ** 2, 0);
  return Math.sqrt(squares / Math.max(1, countOf(times) - 1));
}

/** Half round trips, each figure in ns. @param times ascending, one at least */
export function halfDistribution(times: readonly CountedTime[]): MeasuredDistribution {
  const mean = sumOf(times) / countOf(times);
  return {
    mean: halfNs(mean),
    stddev: halfNs(standardDeviation(times, mean)),
    min: halfNs(times[0]?.us ?? 0),
    max: halfNs(times.at(-1)?.us ?? 0),
    ...percentilesBy((fraction) => halfNs(percentile(times, fraction))),
  };
}
