import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { observerEffectSize } from './observer-effect.ts';

function levels(ratio: number) {
  const observerEffect = {
    metric: 'latency.halfRoundTripNs.p50' as const,
    untraced: 1_000,
    traced: 1_000 * ratio,
    ratio,
  };
  const context = sampleContext(sampleSockperfMeasurement(), { observerEffect });
  return observerEffectSize.judge(context).map((finding) => finding.level);
}

describe('observer-effect', () => {
  it.each([
    [1.09, []],
    [0.91, []],
    [1.11, ['note']],
    [0.89, ['note']],
    [1.49, ['note']],
    [1.51, ['doubt']],
    [0.49, ['doubt']],
  ])('gives for a ratio of %d: %j', (ratio, expected) => {
    expect(levels(ratio)).toEqual(expected);
  });

  it('is silent without a traced window', () => {
    expect(observerEffectSize.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });
});
