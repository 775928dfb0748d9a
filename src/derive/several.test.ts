import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import type { SampleMeasurement } from '../../test/sample/measurement.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleSeveral, sampleWorldTrial } from '../../test/sample/world.ts';
import type { GatheredMeasurement, Measurement } from '../record/measurement.ts';
import { trial } from '../record/trial.ts';
import { deriveTrial } from './derive.ts';
import { fairnessOf } from './together.ts';

const header = sampleRunHeader();

function derived(gathered: GatheredMeasurement): Measurement {
  const of = deriveTrial(sampleWorldTrial(gathered), header);
  expect(trial.safeParse(of).error).toBeUndefined();
  const [measurement] = of.measurements;
  if (measurement === undefined) throw new Error('the trial has a measurement');
  return measurement;
}

const rate = (bitsPerSecond: number): SampleMeasurement => sampleIperf3Measurement({ bitsPerSecond });

describe('fairness', () => {
  it.each<[number[], number | null]>([
    [[5, 5, 5, 5], 1],
    [[8, 0, 0, 0], 0.25],
    // 6^2 / (3 x 14)
    [[1, 2, 3], 0.857_142_857_142_857_1],
    [[0, 0], null],
  ])('of %j', (rates, index) => {
    expect(fairnessOf(rates)).toBe(index);
  });
});

describe('a measurement of several flows', () => {
  it('says how fair it was and which flow had the least', () => {
    expect(derived(sampleSeveral([rate(3e9), rate(1e9), rate(2e9)])).together).toEqual({
      fairness: expect.closeTo(36 / 42, 6) as number,
      worst: 'flow2',
    });
    const latencies = [80_000, 90_000, 85_000].map((meanNs) => sampleSockperfMeasurement({ meanNs }));
    expect(derived(sampleSeveral(latencies)).together?.worst).toBe('flow2');
  });

  it('of healthy pairs finds nothing, and costs a unit of work what each pair costs', () => {
    const pair = rate(2e9);
    const one = derived(sampleSeveral([pair]));
    const three = derived(sampleSeveral([pair, pair, pair]));
    const usual = one.findings.map(({ audit }) => audit);
    expect(three.findings.map(({ audit }) => audit)).toEqual(usual);
    expect(three.cost.vmmCpuNsPerGigabyte).toBeCloseTo(one.cost.vmmCpuNsPerGigabyte ?? Number.NaN, 3);
    expect(three.machineCosts?.map(({ machine }) => machine)).toEqual(['vm1', 'vm2', 'vm3']);
    for (const { cost } of three.machineCosts ?? []) {
      expect(cost.vmmCpuNsPerGigabyte).toBeCloseTo(one.cost.vmmCpuNsPerGigabyte ?? Number.NaN, 3);
      expect(cost.systemCallsPerGigabyte).toBeCloseTo(one.cost.systemCallsPerGigabyte ?? Number.NaN, 3);
    }
  });

  it('says of which machine or flow something was found, and the same of several once', () => {
    const gathered = sampleSeveral([rate(2e9), rate(2e9), rate(2e9)]);
    const lossy = gathered.machines.map((machine, index) =>
      index === 0 || machine.link === null
        ? machine
        : { ...machine, link: { ...machine.link, fromGuest: { ...machine.link.fromGuest, drops: 5 } } },
    );
    const { findings } = derived({ ...gathered, machines: lossy });
    expect(findings.filter(({ audit }) => audit === 'loss')).toMatchObject([{ of: ['vm2', 'vm3'] }]);
    const [first, second, third] = gathered.flows;
    const throughput = first?.throughput ?? null;
    if (first === undefined || throughput === null || second === undefined || third === undefined)
      throw new Error('there are three');
    const contradicting = { ...first, throughput: { ...throughput, bitsPerSecond: 9e9 } };
    const broken = derived({ ...gathered, flows: [contradicting, second, third] });
    expect(broken.findings).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ audit: 'rate-of-bytes', level: 'void', of: ['flow1'] }),
      ]) as object,
    );
  });

  it('that shared its window with another workload has no costs', () => {
    const { cost } = derived({ ...sampleSeveral([rate(2e9)]), underLoad: ['sockperf'] });
    expect(cost.vmmCpuNsPerGigabyte).toBeNull();
    expect(cost.reasons['systemCallsPerGigabyte']).toBe('the window was shared with sockperf');
  });

  it('whose flows began apart is doubted', () => {
    const gathered = sampleSeveral([rate(2e9), rate(2e9)]);
    const { startNs, endNs } = gathered.window ?? { startNs: Number.NaN, endNs: Number.NaN };
    const skews = [0.049, 0.051].map((share) => derived({ ...gathered, startSkewNs: (endNs - startNs) * share }));
    const found = skews.map(({ findings }) => findings.filter(({ audit }) => audit === 'start-skew'));
    expect(found).toMatchObject([[], [{ level: 'doubt' }]]);
  });
});
