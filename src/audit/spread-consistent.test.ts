import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { notedPingPong } from '../../test/sample/vm-client-note.ts';
import type { LatencySpread } from '../record/latency.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import { spreadConsistent } from './spread-consistent.ts';

function judge(measurement: WholeMeasurement, changes: (spread: LatencySpread) => Partial<LatencySpread> = () => ({})) {
  const { latency } = measurement;
  const spread = latency?.spread ?? null;
  if (latency === null || spread === null) throw new Error('the sample has a spread');
  const changed = { ...latency, spread: { ...spread, ...changes(spread) } };
  return spreadConsistent.judge(sampleContext({ ...measurement, latency: changed }));
}

describe('spread-consistent', () => {
  it('is silent on figures that follow from each other, measured or noted', () => {
    expect(judge(sampleSockperfMeasurement())).toEqual([]);
    expect(judge(notedPingPong())).toEqual([]);
  });

  it('is silent where there is no spread', () => {
    const measurement = sampleSockperfMeasurement();
    const { latency } = measurement;
    if (latency === null) throw new Error('the sample has a latency');
    expect(spreadConsistent.judge(sampleContext({ ...measurement, latency: { ...latency, spread: null } }))).toEqual(
      [],
    );
  });

  it.each<[string, (spread: LatencySpread) => Partial<LatencySpread>]>([
    ['the standard error', () => ({ standardErrorNs: 53 })],
    ['the coefficient of variation', () => ({ coefficientOfVariation: 0.121 })],
    ['the semi-interquartile range', () => ({ semiInterquartileRangeNs: 3_787 })],
    [
      'the lower end of the 99 % interval',
      ({ confidence99Ns }) => ({ confidence99Ns: { ...confidence99Ns, low: 74_229 } }),
    ],
    [
      'the upper end of the 99 % interval',
      ({ confidence99Ns }) => ({ confidence99Ns: { ...confidence99Ns, high: 74_747 } }),
    ],
  ])('names %s where its digits were mixed up', (name, change) => {
    const findings = judge(notedPingPong(), change);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.message).toContain(name);
  });

  it('doubts a small contradiction and voids a large one', () => {
    expect(judge(notedPingPong(), () => ({ semiInterquartileRangeNs: 3_920 }))).toMatchObject([{ level: 'doubt' }]);
    expect(judge(notedPingPong(), () => ({ semiInterquartileRangeNs: 4_200 }))).toMatchObject([{ level: 'void' }]);
  });

  it('takes no last digit of the tool for a contradiction', () => {
    expect(
      judge(sampleSockperfMeasurement(), (spread) => ({ standardErrorNs: Math.round(spread.standardErrorNs) })),
    ).toEqual([]);
    expect(judge(sampleSockperfMeasurement(), () => ({ coefficientOfVariation: 0.211 }))).toEqual([]);
  });
});
