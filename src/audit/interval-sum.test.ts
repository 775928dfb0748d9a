import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleHostFacts } from '../../test/sample/host-facts.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import type { Throughput } from '../record/throughput.ts';
import { intervalSum } from './interval-sum.ts';

function judge(throughput: Throughput) {
  return intervalSum.judge(sampleContext({ ...sampleIperf3Measurement(), throughput }));
}

describe('interval-sum', () => {
  it('is silent where the intervals add up to what was sent', () => {
    expect(judge(sampleThroughput())).toEqual([]);
  });

  it('leaves out what the tool left out', () => {
    const throughput = sampleThroughput();
    const [first] = throughput.intervals;
    const omitted = first === undefined ? [] : [{ ...first, isOmitted: true }];
    expect(judge({ ...throughput, intervals: [...omitted, ...throughput.intervals] })).toEqual([]);
  });

  it('doubts a series with intervals missing', () => {
    const throughput = sampleThroughput();
    expect(judge({ ...throughput, intervals: throughput.intervals.slice(1) })).toMatchObject([{ level: 'doubt' }]);
  });

  it.each([
    [0.981, []],
    [0.979, ['doubt']],
  ])('gives for intervals of %d x the total: %j', (factor, expected) => {
    const throughput = sampleThroughput();
    const intervals = throughput.intervals.map((one) => ({ ...one, bytes: one.bytes * factor }));
    expect(judge({ ...throughput, intervals }).map((finding) => finding.level)).toEqual(expected);
  });

  it.each([
    ['3.12', 0.97, 'doubt'],
    ['3.18', 0.97, 'note'],
    ['3.18', 0.89, 'doubt'],
    ['3.18', 1.03, 'doubt'],
  ])('knows that iperf3 %s may lose bytes of its intervals: %d x the total is a %s', (version, factor, level) => {
    const throughput = sampleThroughput();
    const intervals = throughput.intervals.map((one) => ({ ...one, bytes: one.bytes * factor }));
    const [iperf3] = sampleHostFacts().programs;
    const programs = iperf3 === undefined ? [] : [{ ...iperf3, version }];
    const measurement = { ...sampleIperf3Measurement(), throughput: { ...throughput, intervals } };
    const findings = intervalSum.judge(sampleContext(measurement, { host: sampleHostFacts({ programs }) }));
    expect(findings.map((finding) => finding.level)).toEqual([level]);
  });

  it('compares a download with what was received', () => {
    const spec = { direction: 'download' as const };
    const measurement = sampleIperf3Measurement({ spec });
    expect(intervalSum.judge(sampleContext(measurement))).toEqual([]);
  });
});
