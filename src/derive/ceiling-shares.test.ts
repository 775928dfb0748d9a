import { describe, expect, it } from 'vitest';
import { sampleCeilingConfiguration, sampleCeilingSide, sampleHostTrial } from '../../test/sample/ceiling.ts';
import { type SampleSide, sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import type { CeilingShare } from '../record/ceiling-share.ts';
import type { WholeTrial } from '../record/trial.ts';

function failed(trial: WholeTrial): WholeTrial {
  return { ...trial, status: 'failed', measurements: [] };
}

function sharesOf(sides: readonly SampleSide[], metric = 'throughput.bitsPerSecond'): CeilingShare[] {
  const { ceilingShares = [] } = sampleComparedRun(sides);
  return ceilingShares.filter((one) => one.metric === metric);
}

const vm = sampleSide('qemu', { rates: [4e9, 8.6e9, 9.2e9, 4.2e9, 4.4e9], means: [50e3, 50e3, 50e3, 50e3, 50e3] });
const above = sampleCeilingSide(['qemu'], {
  rates: [10e9, 20e9, 20e9, 10e9, 10e9],
  means: [10e3, 10e3, 5e3, 10e3, 10e3],
});

describe('the share of the ceiling', () => {
  it('is the geometric mean over blocks of the ratio within a block, however much the blocks differ', () => {
    const [share, ...others] = sharesOf([vm, above]);
    expect(others).toEqual([]);
    expect(share).toMatchObject({
      configuration: 'qemu',
      ceiling: 'ceiling',
      workload: 'iperf3',
      blocks: 5,
      unmatchedBlocks: 0,
      reason: null,
    });
    // By hand: ratios 0.40, 0.43, 0.46, 0.42, 0.44; Student's t of their logarithms (4 degrees, 2.776) gives [0.4026, 0.4582].
    expect(share?.ratio).toBeCloseTo(0.42953, 4);
    expect(share?.interval?.low).toBeCloseTo(0.4026, 2);
    expect(share?.interval?.high).toBeCloseTo(0.4582, 2);
  });

  it('is of a latency how many times the ceiling it is', () => {
    // 5 times in four blocks and 10 times in one: 5 * 2^(1/5).
    expect(sharesOf([vm, above], 'latency.p99')[0]?.ratio).toBeCloseTo(5.743, 2);
  });

  it('leaves out a block that has one of the two only', () => {
    const boot = (trial: WholeTrial, number: number) => (number === 2 ? failed(trial) : sampleHostTrial(trial));
    const withoutVm = { ...vm, boot: (trial: WholeTrial, number: number) => (number === 5 ? failed(trial) : trial) };
    const [share] = sharesOf([withoutVm, { ...above, boot }]);
    expect(share).toMatchObject({ blocks: 3, unmatchedBlocks: 2 });
    // Blocks 1, 3 and 4: the cube root of 0.40 * 0.46 * 0.42.
    expect(share?.ratio).toBeCloseTo(0.42595, 4);
  });

  it('is null with the reason where no block has both', () => {
    const [share] = sharesOf([vm, { ...above, boot: failed }]);
    expect(share).toMatchObject({
      ratio: null,
      interval: null,
      blocks: 0,
      unmatchedBlocks: 5,
      reason: 'No block has both the figure and its ceiling.',
    });
  });

  it('says why there is no interval', () => {
    const one = { ...vm, rates: [4e9], means: [50e3] };
    const [share] = sharesOf([one, { ...above, rates: [10e9], means: [10e3] }]);
    expect(share).toMatchObject({ interval: null, reason: 'An interval needs 3 boots, and there is 1.' });
    expect(share?.ratio).toBeCloseTo(0.4, 9);
  });

  it('is each configuration against its own ceiling', () => {
    const other = { ...above, configuration: sampleCeilingConfiguration(['b', 'c'], { name: 'ceiling-2' }) };
    const twice = { ...other, rates: above.rates.map((rate) => 2 * rate) };
    const sides = [vm, sampleSide('b', { ...vm, configuration: sampleSide('b').configuration }), above, twice];
    expect(sharesOf(sides).map(({ configuration, ceiling }) => [configuration, ceiling])).toEqual([
      ['qemu', 'ceiling'],
      ['b', 'ceiling-2'],
    ]);
    expect(sharesOf(sides)[1]?.ratio).toBeCloseTo(0.42953 / 2, 4);
  });

  it('is of figures only: no costs, and no share of datagrams', () => {
    const { ceilingShares = [] } = sampleComparedRun([vm, above]);
    expect([...new Set(ceilingShares.map(({ metric }) => metric))]).toEqual([
      'throughput.bitsPerSecond',
      'latency.mean',
      'latency.p50',
      'latency.p90',
      'latency.p99',
      'latency.p999',
    ]);
  });

  it('is not there without a ceiling', () => {
    expect(sampleComparedRun([vm])).not.toHaveProperty('ceilingShares');
  });
});
