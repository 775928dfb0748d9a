import { describe, expect, it } from 'vitest';
import { around, sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import type { GateResult } from '../record/comparison.ts';
import { compareWithin, usualChoice } from './compare-within.ts';
import { readGate } from './gate.ts';

const slower = sampleSide('b', { rates: around(2.2e9, 0.01, 6), means: around(84_000, 0.02, 6) });

function results(gates: readonly string[], candidates = [slower]): readonly GateResult[] {
  const run = sampleComparedRun([sampleSide('a'), ...candidates]);
  const comparison = compareWithin(run, { ...usualChoice, gates: gates.map(readGate) });
  return comparison?.gates ?? [];
}

describe('gateResults', () => {
  // Throughput is 6 % lower, with an interval of about 1 % to each side.
  it.each([
    ['throughput>=-10%', 'pass'],
    ['throughput>=-6%', 'cannot-tell'],
    ['throughput>=-3%', 'fail'],
    ['throughput<=-3%', 'pass'],
    ['throughput<=-6%', 'cannot-tell'],
    ['throughput<=-10%', 'fail'],
    ['throughput>=2.1Gbit/s', 'pass'],
    ['throughput>=2.2Gbit/s', 'cannot-tell'],
    ['throughput>=2.3Gbit/s', 'fail'],
  ])('%s: %s, by the whole interval', (gate, status) => {
    expect(results([gate]).map((one) => one.status)).toEqual([status]);
  });

  it('gives the interval in the unit of the gate', () => {
    expect(results(['latency.p99<=1ms'])[0]?.reason).toMatch(/interval is 0\.1\d+ ms to 0\.1\d+ ms/);
    expect(results(['latency.p99<=+50%'])[0]?.reason).toMatch(/interval is -\d\.\d+ % to \+\d\.\d+ %/);
  });

  it('holds each candidate and each workload that has the metric', () => {
    const third = { ...slower, configuration: { ...slower.configuration, name: 'c' } };
    const [b, c] = results(['throughput>=-3%'], [slower, third]);
    expect([b?.candidate, c?.candidate, b?.workload]).toEqual(['b', 'c', 'iperf3']);
  });

  it('takes a figure that every boot gives alike for its own interval', () => {
    expect(results(['cost.systemCallsPerRoundTrip<=5.5', 'cost.systemCallsPerRoundTrip<=4.5'])).toEqual([
      expect.objectContaining({ status: 'pass', reason: 'every boot gives 5, within the limit' }),
      expect.objectContaining({ status: 'fail', reason: 'every boot gives 5, beyond the limit' }),
    ]);
  });

  it('cannot tell by one boot', () => {
    const one = sampleSide('b', { rates: [2.2e9], means: [84_000] });
    const [result] = results(['throughput>=-3%'], [one]);
    expect(result).toMatchObject({
      status: 'cannot-tell',
      reason: expect.stringContaining('there is no interval') as string,
    });
  });

  it('cannot tell of a metric that nobody has, and says so', () => {
    expect(results(['throughput.lostShare<=1%', 'sockperf:throughput>=-3%'])).toEqual([
      expect.objectContaining({
        status: 'cannot-tell',
        workload: null,
        reason: 'no workload of both sides has throughput.lostShare',
      }),
      expect.objectContaining({
        status: 'cannot-tell',
        workload: null,
        reason: 'sockperf of both sides has no throughput.bitsPerSecond',
      }),
    ]);
  });

  it('refuses a workload that nobody has, as no boots would mend that', () => {
    expect(() => results(['bulk:throughput>=-3%'])).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: '--gate bulk:throughput>=-3%: there is no workload "bulk"',
        hint: 'There is: iperf3, sockperf',
      }),
    );
  });
});
