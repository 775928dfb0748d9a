import type { Measurement } from '../../record/measurement.ts';
import { lossLimitText, type RateSearch, type RateSearchStep } from '../../record/rate-search.ts';
import { formatCount, formatRate, formatShare } from '../text/units.ts';

/** The steps of a search, a row each, and what came of it. Without marks for any output. */
export interface SearchTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly outcome: string;
}

const asFast = 'as fast as it goes';

function askedText(target: number | null): string {
  return target === null ? asFast : formatRate(target);
}

function rowOf(step: RateSearchStep, index: number): string[] {
  const { targetBitsPerSecond, bitsPerSecond, datagramsPerSecond, lostShare, hasPassed, failure } = step;
  return [
    String(index + 1),
    askedText(targetBitsPerSecond),
    bitsPerSecond === null ? '' : formatRate(bitsPerSecond),
    datagramsPerSecond === null ? '' : formatCount(datagramsPerSecond),
    lostShare === null ? '' : formatShare(lostShare),
    hasPassed ? 'passed' : failure === null ? 'failed' : `failed: ${failure}`,
  ];
}

/** What a search came to, in a sentence. */
function outcomeText(search: RateSearch): string {
  const { outcome, highestBitsPerSecond, targetBitsPerSecond, failedBitsPerSecond, mostLostShare } = search;
  const limit = lossLimitText(mostLostShare);
  if (highestBitsPerSecond === null)
    return `No rate had ${limit}. The window was run with the last that was tried: ${askedText(targetBitsPerSecond)}.`;
  const highest = `The highest rate with ${limit}: ${formatRate(highestBitsPerSecond)} arrived, asked for ${askedText(targetBitsPerSecond)} each client and way.`;
  if (outcome === 'highest-passed') return `${highest} No higher one was tried.`;
  return `${highest} Of ${askedText(failedBitsPerSecond)} more was lost.`;
}

/** null: the rate was not searched for. */
export function searchTable({ search }: Measurement): SearchTable | null {
  if (search === undefined) return null;
  return {
    header: ['step', 'asked', 'arrived', 'datagrams a second', 'lost', 'result'],
    rows: search.steps.map(rowOf),
    outcome: outcomeText(search),
  };
}
