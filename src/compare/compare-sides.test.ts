import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleCeilingSide } from '../../test/sample/ceiling.ts';
import { around, type SampleSide, sampleComparedRun, sampleSide } from '../../test/sample/compared-run.ts';
import { sampleConfiguration, sampleIperf3Spec, sampleSockperfSpec } from '../../test/sample/experiment.ts';
import { sampleFailedTrial } from '../../test/sample/trial.ts';
import { metrics } from '../derive/metrics.ts';
import {
  type Comparison,
  comparison as comparisonSchema,
  type MetricComparison,
  type Verdict,
} from '../record/comparison.ts';
import type { WholeTrial } from '../record/trial.ts';
import { type CompareChoice, compareSides } from './compare-sides.ts';
import { compareWithin, usualChoice } from './compare-within.ts';
import { readGate } from './gate.ts';
import { pairsOf } from './pair-sides.ts';
import { sideOf } from './side.ts';

function compared(a: SampleSide, b: SampleSide, choice: Partial<CompareChoice> = {}): Comparison {
  const run = sampleComparedRun([a, b]);
  return compareSides(
    [{ baseline: sideOf(run, a.configuration.name, 'a'), candidate: sideOf(run, b.configuration.name, 'b') }],
    { ...usualChoice, ...choice },
  );
}

function rowsOf({ pairs }: Comparison): readonly MetricComparison[] {
  return pairs[0]?.metrics ?? [];
}

function rowOf(comparison: Comparison, metric: string): MetricComparison {
  return rowsOf(comparison).find((row) => row.metric === metric) ?? expect.fail(`no row ${metric}`);
}

/** A boot whose throughput contradicts its streams. */
function contradicting(trial: WholeTrial): WholeTrial {
  const measurements = trial.measurements.map((one) => {
    const { throughput } = one;
    return throughput === null
      ? one
      : {
          ...one,
          throughput: {
            ...throughput,
            bytes: (throughput.bytes ?? 0) * 2,
            bitsPerSecond: throughput.bitsPerSecond * 2,
          },
        };
  });
  return { ...trial, measurements };
}

function failed(trial: WholeTrial): WholeTrial {
  const { trialId, runId, configuration, boot, block } = trial;
  return sampleFailedTrial({ trialId, runId, configuration, boot, block });
}

const opposite: Readonly<Record<Verdict, Verdict>> = {
  better: 'worse',
  worse: 'better',
  same: 'same',
  'cannot-tell': 'cannot-tell',
};

const boots = fc.integer({ min: 1, max: 8 });
const level = fc.double({ min: 0.8, max: 1.25, noNaN: true });
const side = (name: string) =>
  fc
    .tuple(boots, level, level, fc.double({ min: 0, max: 0.05, noNaN: true }))
    .map(([count, rate, mean, share]) =>
      sampleSide(name, { rates: around(2.35e9 * rate, share, count), means: around(84_000 * mean, share, count) }),
    );

describe('compareSides', () => {
  it('inverts each verdict where the sides are swapped', () => {
    fc.assert(
      fc.property(side('a'), side('b'), (a, b) => {
        // One run: in another one the boots would stand at other places, and drift would be another.
        const run = sampleComparedRun([a, b]);
        const [one, other] = [sideOf(run, 'a', 'a'), sideOf(run, 'b', 'b')];
        const there = rowsOf(compareSides([{ baseline: one, candidate: other }], usualChoice));
        const back = rowsOf(compareSides([{ baseline: other, candidate: one }], usualChoice));
        expect(back.map((row) => row.verdict)).toEqual(there.map((row) => opposite[row.verdict]));
        expect(back.map((row) => row.pValue)).toEqual(there.map((row) => row.pValue));
      }),
      { numRuns: 8 },
    );
  });

  it('never calls a side better or worse than itself, and says first that it is itself', () => {
    fc.assert(
      fc.property(side('a'), (one) => {
        const run = sampleComparedRun([one]);
        const same = sideOf(run, 'a', 'a');
        const comparison = compareSides([{ baseline: same, candidate: { ...same, label: 'again' } }], usualChoice);
        for (const row of rowsOf(comparison)) expect(['same', 'cannot-tell']).toContain(row.verdict);
        expect(comparison.pairs[0]?.differences.map(({ kind, path }) => [kind, path])).toEqual([
          ['unfair', 'run.boots'],
        ]);
      }),
      { numRuns: 8 },
    );
  });

  it('gives what its schema says, the same each time', () => {
    const [a, b] = [sampleSide('a'), sampleSide('b', { rates: around(2e9, 0.01, 6) })];
    const first = compared(a, b);
    expect(comparisonSchema.parse(first)).toEqual(first);
    expect(compared(a, b)).toEqual(first);
  });

  it('knows that less throughput is worse and less CPU time is better', () => {
    const comparison = compared(
      sampleSide('a'),
      sampleSide('b', { rates: around(2e9, 0.01, 6), means: around(70_000, 0.01, 6) }),
    );
    expect(rowOf(comparison, 'throughput.bitsPerSecond').verdict).toBe('worse');
    expect(rowOf(comparison, 'latency.p99').verdict).toBe('better');
    expect(rowOf(comparison, 'cost.vmmCpuNsPerRoundTrip').verdict).toBe('better');
  });

  it('compares the main metrics, figures and costs, of each workload in common', () => {
    const names = rowsOf(compared(sampleSide('a'), sampleSide('b'))).map((row) => `${row.workload}:${row.metric}`);
    expect(names).toEqual([
      ...['iperf3:throughput.bitsPerSecond', 'iperf3:cost.systemCallsPerGigabyte', 'iperf3:cost.vmmCpuNsPerGigabyte'],
      ...['sockperf:latency.p50', 'sockperf:latency.p99'],
      ...['sockperf:cost.systemCallsPerRoundTrip', 'sockperf:cost.vmmCpuNsPerRoundTrip'],
    ]);
  });

  it('compares others where they are named, and what a gate asks for beside them', () => {
    const [mean] = metrics.filter((metric) => metric.name === 'latency.mean');
    const gates = [readGate('latency.p999<=+5%')];
    const comparison = compared(sampleSide('a'), sampleSide('b'), { metrics: mean === undefined ? [] : [mean], gates });
    expect(rowsOf(comparison).map((row) => row.metric)).toEqual(['latency.mean', 'latency.p999']);
  });

  it('cannot tell by one boot a side, and says so', () => {
    const one = (name: string) => sampleSide(name, { rates: [2.35e9], means: [84_000] });
    const row = rowOf(compared(one('a'), one('b')), 'latency.p99');
    expect(row).toMatchObject({
      verdict: 'cannot-tell',
      ratioInterval: null,
      flags: expect.arrayContaining(['few-boots']) as string[],
    });
    expect(row.reason).toMatch(/boots/);
  });

  it('cannot tell by boots without any spread', () => {
    const flat = (name: string) => sampleSide(name, { rates: Array(6).fill(2.35e9), means: Array(6).fill(84_000) });
    const row = rowOf(compared(flat('a'), flat('b')), 'latency.p99');
    expect(row).toMatchObject({ verdict: 'cannot-tell', flags: expect.arrayContaining(['zero-variance']) as string[] });
  });

  it('says how many boots would do, no fewer than a test needs after Holm', () => {
    const four = (name: string, rate: number) =>
      sampleSide(name, { rates: around(rate, 0.01, 4), means: around(84_000, 0.01, 4) });
    const row = rowOf(compared(four('a', 2.35e9), four('b', 2.2e9)), 'throughput.bitsPerSecond');
    expect(row.verdict).toBe('cannot-tell');
    expect(row.bootsThatWouldDo).toBeGreaterThanOrEqual(6);
  });

  it('cannot tell where all boots of a side are void, and names the audit', () => {
    const comparison = compared(sampleSide('a'), sampleSide('b', { boot: contradicting }));
    const row = rowOf(comparison, 'throughput.bitsPerSecond');
    expect(row).toMatchObject({ verdict: 'cannot-tell', candidate: null, ratio: null });
    expect(row.missing).toContain('candidate: 0 usable, 6 void (stream-sum');
    expect(rowOf(comparison, 'latency.p99').verdict).toBe('same');
    expect(comparison.pairs[0]?.candidate.boots).toEqual({ usable: 6, void: 0, failed: 0 });
  });

  it('cannot tell where all boots of a side failed, and names the failure', () => {
    const comparison = compared(sampleSide('a'), sampleSide('b', { boot: failed }));
    expect(rowOf(comparison, 'latency.p99')).toMatchObject({ verdict: 'cannot-tell', candidate: null });
    expect(rowOf(comparison, 'latency.p99').missing).toContain('6 failed (GUEST_FAILED)');
    expect(comparison.pairs[0]?.candidate.boots).toEqual({ usable: 0, void: 0, failed: 6 });
  });

  it('leaves out a figure that is no number', () => {
    const boot = (trial: WholeTrial, number: number): WholeTrial => {
      const measurements = trial.measurements.map((one) =>
        one.latency === null || number > 1
          ? one
          : {
              ...one,
              latency: { ...one.latency, halfRoundTripNs: { ...one.latency.halfRoundTripNs, p99: Number.NaN } },
            },
      );
      return { ...trial, measurements };
    };
    const row = rowOf(compared(sampleSide('a'), sampleSide('b', { boot })), 'latency.p99');
    expect(row.candidate?.boots).toBe(5);
    expect(row.missing).toContain('1 not a number');
  });

  it('counts a boot that was repeated once', () => {
    const a = sampleSide('a');
    const run = sampleComparedRun([a, sampleSide('b')]);
    const [first] = run.trials;
    if (first === undefined) return expect.fail('the sample has trials');
    const repeated = { ...run, trials: [...run.trials, { ...first, trialId: 'again', repeats: first.trialId }] };
    const comparison = compareWithin(repeated) ?? expect.fail('there are two configurations');
    expect(comparison.pairs[0]?.baseline.boots.usable).toBe(6);
    expect(rowOf(comparison, 'latency.p99').baseline?.boots).toBe(6);
  });

  it('refuses sides without a metric in common, and says what each has', () => {
    const bulk = sampleConfiguration({ name: 'a', workloads: [sampleIperf3Spec()] });
    const small = sampleConfiguration({ name: 'b', workloads: [sampleSockperfSpec()] });
    const only = (kind: string) => (trial: WholeTrial) => ({
      ...trial,
      measurements: trial.measurements.filter((one) => one.workload === kind),
    });
    const refused = () =>
      compared(
        sampleSide('a', { configuration: bulk, boot: only('iperf3') }),
        sampleSide('b', { configuration: small, boot: only('sockperf') }),
      );
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'NOT_COMPARABLE',
        hint: expect.stringMatching(/a has iperf3: throughput.*b has sockperf: latency/) as string,
      }),
    );
  });

  it('with isStrict refuses where a difference is unfair, and only there', () => {
    const other = sampleSide('b', {
      boot: (trial) => ({ ...trial, vmm: trial.vmm && { ...trial.vmm, version: '8.0.0' } }),
    });
    expect(() => compared(sampleSide('a'), other, { isStrict: true })).toThrow(
      expect.objectContaining({
        code: 'NOT_COMPARABLE',
        message: expect.stringContaining('vmm.version: 7.2.15 / 8.0.0') as string,
      }),
    );
    expect(rowsOf(compared(sampleSide('a'), sampleSide('b'), { isStrict: true }))).toHaveLength(7);
  });
});

describe('a side with a ceiling', () => {
  it('comes with what it is of it; one without has none', () => {
    const [topped, bare] = [
      sampleComparedRun([sampleSide('a'), sampleCeilingSide(['a'])]),
      sampleComparedRun([sampleSide('a')]),
    ];
    const pair = { baseline: sideOf(bare, 'a', 'bare'), candidate: sideOf(topped, 'a', 'topped') };
    const { metrics: rows } = compareSides([pair], usualChoice).pairs[0] ?? expect.fail('a pair');
    const [first] = rows;
    expect(first?.ofCeiling?.baseline).toBeNull();
    expect(first?.ofCeiling?.candidate?.ratio).toBeCloseTo(0.1, 2);
    expect(rows.filter(({ kind }) => kind === 'cost').every((row) => !('ofCeiling' in row))).toBe(true);
    expect(compareSides([{ ...pair, candidate: pair.baseline }], usualChoice).pairs[0]?.metrics[0]).not.toHaveProperty(
      'ofCeiling',
    );
  });
});

describe('a pair of ceilings', () => {
  it('has verdicts of its own, and no gate', () => {
    const gates = [readGate('throughput>=-3%')];
    const run = sampleComparedRun([sampleSide('a'), sampleCeilingSide(['a'])]);
    const worse = sampleComparedRun([sampleSide('a'), sampleCeilingSide(['a'], { rates: around(20e9, 0.01, 6) })]);
    const named = [run, worse].map((one, index) => ({ text: String(index), run: one, configuration: null }));
    const { pairs, gates: results } = compareSides(pairsOf(named), { ...usualChoice, gates });
    const verdicts = pairs.map(({ candidate, metrics: [first] }) => [candidate.configuration, first?.verdict]);
    expect(verdicts).toEqual([
      ['a', 'same'],
      ['ceiling', 'worse'],
    ]);
    expect(results.map(({ candidate }) => candidate)).toEqual(['1']);
  });
});

describe('compareWithin', () => {
  it('compares each configuration with the first', () => {
    const run = sampleComparedRun([sampleSide('a'), sampleSide('b'), sampleSide('c')]);
    const labels = compareWithin(run)?.pairs.map((pair) => [pair.baseline.label, pair.candidate.label]);
    expect(labels).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
  });

  it('gives nothing for a run of one configuration, which a ceiling leaves it', () => {
    expect(compareWithin(sampleComparedRun([sampleSide('a')]))).toBeNull();
    expect(compareWithin(sampleComparedRun([sampleSide('a'), sampleCeilingSide(['a'])]))).toBeNull();
    const run = sampleComparedRun([sampleCeilingSide(['a', 'b']), sampleSide('a'), sampleSide('b')]);
    expect(compareWithin(run)?.pairs.map(({ candidate }) => candidate.label)).toEqual(['b']);
  });
});
