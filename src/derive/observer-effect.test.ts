import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { observerEffectOf } from './observer-effect.ts';

describe('the observer effect', () => {
  it('is the traced rate over the untraced one for bulk data', () => {
    const effect = observerEffectOf(sampleIperf3Measurement());
    expect(effect?.metric).toBe('throughput.bitsPerSecond');
    expect(effect?.ratio).toBeCloseTo(0.97, 6);
  });

  it('is the traced median over the untraced one for messages', () => {
    const effect = observerEffectOf(sampleSockperfMeasurement());
    expect(effect?.metric).toBe('latency.halfRoundTripNs.p50');
    expect(effect?.ratio).toBeCloseTo(1.04, 3);
  });

  it('is null without a traced window, or without a figure in it', () => {
    const measurement = sampleIperf3Measurement();
    expect(observerEffectOf({ ...measurement, traced: null })).toBeNull();
    expect(observerEffectOf({ ...sampleSockperfMeasurement(), traced: measurement.traced })).toBeNull();
  });

  it('is null where nothing arrived', () => {
    const throughput = { ...sampleThroughput(), bitsPerSecond: 0 };
    expect(observerEffectOf({ ...sampleIperf3Measurement(), throughput })).toBeNull();
  });
});
