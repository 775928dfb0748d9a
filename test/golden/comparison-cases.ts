import { compareSides } from '../../src/compare/compare-sides.ts';
import { usualChoice } from '../../src/compare/compare-within.ts';
import { knownMetric } from '../../src/compare/known-metric.ts';
import { metricHistoryOf } from '../../src/compare/metric-history.ts';
import { sideOf } from '../../src/compare/side.ts';
import type { Comparison } from '../../src/record/comparison.ts';
import type { MetricHistory } from '../../src/record/metric-history.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { around, sampleComparedRun, sampleSide } from '../sample/compared-run.ts';
import { sampleComparison } from '../sample/comparison.ts';
import { sampleConfiguration, sampleNicSpec } from '../sample/experiment.ts';
import { sampleGuestFacts, samplePathFacts, sampleVmmFacts } from '../sample/guest-facts.ts';
import { sampleHostFacts } from '../sample/host-facts.ts';

const gates = [
  ...['throughput>=-3%', 'latency.p99<=+5%', 'sockperf:latency.p99<=140us'],
  ...['cost.systemCallsPerRoundTrip<=5.5', 'throughput.lostShare<=1%'],
];

const offloads = { csum: true, tso: false, gso: true, mrgRxbuf: true };
const { nic } = sampleGuestFacts();

/** The second boot contradicts itself; the first two run another VMM. */
function uneven(trial: WholeTrial, boot: number): WholeTrial {
  const measurements = trial.measurements.map((one) =>
    one.throughput === null || boot !== 2
      ? one
      : { ...one, throughput: { ...one.throughput, bytes: (one.throughput.bytes ?? 0) * 2 } },
  );
  const features = nic.virtioFeatures.filter((name) => name !== 'HOST_TSO4');
  return {
    ...trial,
    measurements,
    vmm: sampleVmmFacts(boot < 3 ? {} : { version: '8.0.0', sha256: 'e7'.repeat(32) }),
    guest: sampleGuestFacts({ nic: { ...nic, virtioFeatures: features } }),
    path: samplePathFacts({ offloads: { ...nic.offloads, 'tcp-segmentation-offload': false } }),
  };
}

/** A change that is there, a boot that is void, a VMM that was replaced half-way, and gates of every kind. */
function unfair(): Comparison {
  const run = sampleComparedRun([
    sampleSide('tso', { rates: around(2.35e9, 0.01, 8), means: around(84_000, 0.02, 8) }),
    sampleSide('no-tso', {
      configuration: sampleConfiguration({ name: 'no-tso', nic: sampleNicSpec({ offloads }) }),
      rates: around(1.99e9, 0.02, 8),
      means: around(84_500, 0.04, 8),
      boot: uneven,
    }),
  ]);
  return sampleComparison(run, gates);
}

/** An A/A of few boots. */
function sameTwice(): Comparison {
  const few = { rates: around(2.35e9, 0.03, 4), means: around(84_000, 0.05, 4) };
  const run = sampleComparedRun([sampleSide('a', few), sampleSide('b', { ...few, rates: few.rates.toReversed() })]);
  return sampleComparison(run);
}

/** Names that try to break out of every format, on two hosts. */
function hostile(): Comparison {
  const name = '`|*<b>x</b>\u001b[31m\n# x';
  const [first, second] = ['<script>alert(1)</script>', 'a | b `c`\u202egnp'].map((model, index) => {
    const host = sampleHostFacts();
    const side = sampleSide(name, { rates: [2.35e9, 2.36e9], means: [84_000, 84_100] });
    return sampleComparedRun([side], { runId: `run-${String(index)}`, host: { ...host, cpu: { ...host.cpu, model } } });
  });
  if (first === undefined || second === undefined) throw new Error('two runs were made');
  const sides = [{ baseline: sideOf(first, name, '</details>|x'), candidate: sideOf(second, name, name) }];
  return compareSides(sides, usualChoice);
}

export const comparisonCases: Readonly<Record<string, () => Comparison>> = {
  'compare-unfair': unfair,
  'compare-a-a': sameTwice,
  'compare-hostile': hostile,
};

/** Twelve runs of a host; from the eighth on it is slower, and the third had another MTU. */
export function history(): MetricHistory {
  const days = Array.from({ length: 12 }, (_, at) => at + 1);
  const points = days.map((day) => ({
    runId: `202501${String(day).padStart(2, '0')}T120000Z-vm-to-host-${String(day).padStart(4, '0')}`,
    startedAt: new Date(Date.UTC(2025, 0, day, 12)).toISOString(),
    configuration: 'qemu',
    workload: 'sockperf',
    fingerprint: day === 1 ? 'aa'.repeat(32) : 'f0'.repeat(32),
    tags: day === 8 ? ['new-kernel', '\u001b[31m'] : [],
    values: around(day > 7 ? 150_000 : 140_000 + 200 * (day % 4), 0.01 + (day % 3) / 100, day === 5 ? 2 : 6),
    chosen: new Map([['nic.mtu', day === 3 ? '9000' : '1500']]),
  }));
  return metricHistoryOf(knownMetric('latency.p99', ''), points, undefined);
}
