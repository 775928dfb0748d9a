import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleSearch } from '../../test/sample/search.ts';
import type { RateSearch } from '../record/rate-search.ts';
import { lossLimit } from './loss-limit.ts';

function judge(search: RateSearch | null, lost: number) {
  const sample = sampleIperf3Measurement({ spec: { protocol: 'udp' } });
  const { throughput } = sample;
  if (throughput === null) throw new Error('the sample has a throughput');
  const datagrams = { sent: 100_000, lost, outOfOrder: 0, jitterNs: 1 };
  const measurement = { ...sample, throughput: { ...throughput, datagrams }, ...(search === null ? {} : { search }) };
  return lossLimit.judge(sampleContext(measurement)).map(({ level, message }) => `${level}: ${message}`);
}

describe('loss-limit', () => {
  it('is silent where the window held to the limit, and where nothing was searched for', () => {
    expect(judge(sampleSearch(), 100)).toEqual([]);
    expect(judge(null, 50_000)).toEqual([]);
  });

  it('doubts a rate at which the window lost more than its step', () => {
    expect(judge(sampleSearch(), 250)).toEqual([
      'doubt: the window lost 0.25 % of its datagrams, above the limit of 0.1 %: the rate passed in a step of 2 s, and does not hold for longer',
    ]);
  });

  it('doubts a search that found nothing, and says no more of the window', () => {
    const found = sampleSearch({ outcome: 'none-passed', highestBitsPerSecond: null, targetBitsPerSecond: 3e6 });
    expect(judge(found, 9_000)).toEqual([
      'doubt: no step of the search held loss to 0.1 %, down to 3 Mbit/s (3 steps): there is no highest rate, and the window was run with the last that was tried',
    ]);
  });

  it('notes that a path may carry more than was tried', () => {
    expect(judge(sampleSearch({ outcome: 'highest-passed', targetBitsPerSecond: null }), 0)).toEqual([
      'note: the path held loss to 0.1 % at all that the sender gave: it may carry more',
    ]);
  });
});
