import { z } from 'zod';
import { count, positive } from './bounds.ts';

/** One short run of a search. null: it came to nothing, for the reason in `failure`. */
export const rateSearchStep = z.strictObject({
  /** Asked of each client, each way; null: as fast as it goes. */
  targetBitsPerSecond: positive.nullable(),
  /** Payload that was sent, of the flow and way that sent most. */
  sentBitsPerSecond: count.nullable(),
  /** Payload that arrived, of all flows and ways together. */
  bitsPerSecond: count.nullable(),
  /** Datagrams that arrived, of all flows and ways together. */
  datagramsPerSecond: count.nullable(),
  /** Of the flow and way that lost most. */
  lostShare: count.nullable(),
  hasPassed: z.boolean(),
  failure: z.string().nullable(),
  /** Raw output kept beside the trial, relative to its folder. */
  files: z.array(z.string()),
});
export type RateSearchStep = z.infer<typeof rateSearchStep>;

/** No search takes as many. */
const mostSteps = 100;

/** A search for the highest rate with loss within a limit, in short runs of the same boot before the window. */
export const rateSearch = z.strictObject({
  mostLostShare: count,
  stepDurationNs: positive,
  steps: z.array(rateSearchStep).max(mostSteps, { abort: true }),
  /** `between`: a rate passed, and the one above it failed; `highest-passed`: the highest that was asked for; `none-passed`: not even the lowest did. */
  outcome: z.enum(['between', 'highest-passed', 'none-passed']),
  /** What arrived in the step at the highest rate that passed, of all flows and ways together; null where none did. */
  highestBitsPerSecond: count.nullable(),
  /** The rate that the window was run with: the highest that passed, or the lowest that was tried. As a step has it. */
  targetBitsPerSecond: positive.nullable(),
  /** The lowest rate that failed, as a step has it: the search is as fine as from there to the one that passed. null where none failed. */
  failedBitsPerSecond: positive.nullable(),
});
export type RateSearch = z.infer<typeof rateSearch>;

/** A limit as users write it. */
export function lossLimitText(mostLostShare: number): string {
  return `loss <= ${String(Number((mostLostShare * 100).toPrecision(12)))} %`;
}
