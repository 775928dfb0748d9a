import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { LatencyDistribution } from '../record/latency.ts';
import { latencyOrder } from './latency-order.ts';

function judge(changes: Partial<LatencyDistribution>) {
  const latency = sampleLatency();
  const halfRoundTripNs = { ...latency.halfRoundTripNs, ...changes };
  return latencyOrder.judge(
    sampleContext({ ...sampleSockperfMeasurement(), latency: { ...latency, halfRoundTripNs } }),
  );
}

describe('latency-order', () => {
  it('is silent on rising percentiles, equal ones included', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ p25: 70_000, p50: 70_000 })).toEqual([]);
  });

  it('voids a percentile below the one before it, and names both', () => {
    expect(judge({ p99: 1 })).toMatchObject([
      { level: 'void', message: expect.stringContaining('p99 (1 ns) is below p90') as string },
    ]);
  });

  it('voids a mean outside of the range', () => {
    expect(judge({ mean: 9_000_000 })).toMatchObject([
      { level: 'void', message: expect.stringContaining('the mean') as string },
    ]);
  });
});
