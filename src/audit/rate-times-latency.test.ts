import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { rateTimesLatency } from './rate-times-latency.ts';

function levels(product: number) {
  const latency = sampleLatency();
  const messages = (product * latency.durationNs) / (2 * latency.halfRoundTripNs.mean);
  const measurement = { ...sampleSockperfMeasurement(), latency: { ...latency, messages } };
  return rateTimesLatency.judge(sampleContext(measurement)).map((finding) => finding.level);
}

describe('rate-times-latency', () => {
  it("is silent on the lab note's figures", () => {
    const latency = { ...sampleLatency(), messages: 198_352, durationNs: 29_549_000_000 };
    latency.halfRoundTripNs = { ...latency.halfRoundTripNs, mean: 74_383 };
    expect(rateTimesLatency.judge(sampleContext({ ...sampleSockperfMeasurement(), latency }))).toEqual([]);
  });

  it('voids a mean that was taken for the whole round trip', () => {
    const latency = sampleLatency();
    const halfRoundTripNs = latency.roundTripNs;
    const measurement = { ...sampleSockperfMeasurement(), latency: { ...latency, halfRoundTripNs } };
    expect(rateTimesLatency.judge(sampleContext(measurement))).toMatchObject([
      { level: 'void', message: expect.stringContaining('are 1.997 of the duration') as string },
    ]);
  });

  it.each([
    [0.949, ['void']],
    [0.951, ['doubt']],
    [0.989, ['doubt']],
    [0.991, []],
    [1.009, []],
    [1.011, ['void']],
  ])('gives for a product of %d: %j', (product, expected) => {
    expect(levels(product)).toEqual(expected);
  });

  it('does not judge a load whose messages overlap', () => {
    const latency = { ...sampleLatency(), mode: 'under-load' as const, messages: 9_999_999 };
    expect(rateTimesLatency.judge(sampleContext({ ...sampleSockperfMeasurement(), latency }))).toEqual([]);
  });
});
