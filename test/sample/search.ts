import type { RateSearch, RateSearchStep } from '../../src/record/rate-search.ts';

function step(targetBitsPerSecond: number | null, lostShare: number): RateSearchStep {
  const sent = targetBitsPerSecond ?? 4e9;
  return {
    targetBitsPerSecond,
    sentBitsPerSecond: sent,
    bitsPerSecond: sent * (1 - lostShare),
    datagramsPerSecond: (sent * (1 - lostShare)) / 8 / 1_448,
    lostShare,
    hasPassed: lostShare <= 0.001,
    failure: null,
    files: ['iperf3-search-1/client.stdout'],
  };
}

/** A search of three steps: 2 Gbit/s passed, 4 failed, and 3 did. */
export function sampleSearch(changes: Partial<RateSearch> = {}): RateSearch {
  return {
    mostLostShare: 0.001,
    stepDurationNs: 2e9,
    steps: [step(null, 0.5), step(2e9, 0), step(3e9, 0.2)],
    outcome: 'between',
    highestBitsPerSecond: 2e9,
    targetBitsPerSecond: 2e9,
    failedBitsPerSecond: 3e9,
    ...changes,
  };
}
