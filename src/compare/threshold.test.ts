import { describe, expect, it } from 'vitest';
import { knownMetric } from './known-metric.ts';
import { readThresholds, thresholdOf } from './threshold.ts';

const [p99, throughput] = [knownMetric('latency.p99', ''), knownMetric('throughput', '')];

describe('readThresholds', () => {
  it('leaves each metric its own where nothing is said', () => {
    expect(thresholdOf(p99, readThresholds([]))).toBe(p99.threshold);
  });

  it('takes a share for all and one for a metric, whatever their order', () => {
    for (const texts of [
      ['5%', 'latency.p99=10 %'],
      ['latency.p99=10 %', '5%'],
    ]) {
      const thresholds = readThresholds(texts);
      expect([thresholdOf(p99, thresholds), thresholdOf(throughput, thresholds)]).toEqual([0.1, 0.05]);
    }
  });

  it('knows the short names of metrics', () => {
    expect(thresholdOf(throughput, readThresholds(['throughput=1%']))).toBe(0.01);
  });

  it.each(['5', '0%', '-5%', 'latency.p99', 'latency.p99=', 'latency.p98=5%'])('refuses %s', (text) => {
    expect(() => readThresholds([text])).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
