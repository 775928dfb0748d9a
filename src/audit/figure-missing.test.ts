import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { figureMissing } from './figure-missing.ts';

describe('figure-missing', () => {
  it('is silent where each tool gave its own figure', () => {
    expect(figureMissing.judge(sampleContext(sampleIperf3Measurement()))).toEqual([]);
    expect(figureMissing.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });

  it('voids a measurement without its figure, with the recorded reason', () => {
    const measurement = { ...sampleSockperfMeasurement(), latency: null, notMeasured: { latency: 'no summary' } };
    expect(figureMissing.judge(sampleContext(measurement))).toMatchObject([
      { level: 'void', message: 'sockperf gave no latency: no summary' },
    ]);
  });
});
