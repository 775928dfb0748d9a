import { judgedRun } from '../../src/derive/derive.ts';
import type { Configuration } from '../../src/record/experiment.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { Run } from '../../src/record/run.ts';
import type { WholeTrial } from '../../src/record/trial.ts';
import { sampleConfiguration, sampleExperiment } from './experiment.ts';
import { sampleIperf3Measurement } from './iperf3.ts';
import { type SampleHeader, sampleRunEnd, sampleRunHeader } from './run.ts';
import { sampleSockperfMeasurement } from './sockperf.ts';
import { sampleTrial } from './trial.ts';

/** What the boots of one configuration gave. */
export interface SampleSide {
  readonly configuration: Configuration;
  /** Received bits per second, one a boot. */
  readonly rates: readonly number[];
  /** Mean half round trip in ns, one a boot, as many as rates. */
  readonly means: readonly number[];
  /** What is otherwise in a boot (from 1). */
  readonly boot?: (trial: WholeTrial, boot: number) => WholeTrial;
}

/** Their histograms take long to make. */
const madeByMean = new Map<number, WholeMeasurement>();

function sockperfMeasurement(meanNs: number): WholeMeasurement {
  const made = madeByMean.get(meanNs) ?? sampleSockperfMeasurement({ meanNs });
  madeByMean.set(meanNs, made);
  return made;
}

/** CPU time of all threads scaled, as a machine would that is a little slower this boot. */
function scaledThreads(measurement: WholeMeasurement, factor: number): WholeMeasurement {
  return { ...measurement, threads: measurement.threads.map((one) => ({ ...one, runNs: one.runNs * factor })) };
}

/** Where a trial stands in its run: which boot, and which of the sides in it, from 0. */
interface Place {
  readonly runId: string;
  readonly at: number;
  readonly turn: number;
}

const minuteMs = 60_000;

function trialOf({ configuration, rates, means, boot: change }: SampleSide, { runId, at, turn }: Place): WholeTrial {
  const boot = at + 1;
  const [first] = rates;
  const bitsPerSecond = rates[at] ?? 0;
  const bulk = sampleIperf3Measurement({ bitsPerSecond });
  const trial = sampleTrial({
    runId,
    configuration,
    boot,
    block: boot,
    trialId: `b${String(boot)}-${configuration.name}`,
    startedAt: new Date(Date.UTC(2025, 0, 1, 12) + (10 * at + turn) * minuteMs).toISOString(),
    measurements: [scaledThreads(bulk, (first ?? 1) / bitsPerSecond), sockperfMeasurement(means[at] ?? 0)],
  });
  return change === undefined ? trial : change(trial, boot);
}

/** What is stored of a run of several configurations, boot by boot. */
export function sampleComparedParts(sides: readonly SampleSide[], changes: Partial<SampleHeader> = {}) {
  const configurations = sides.map((side) => side.configuration);
  const boots = Math.max(...sides.map((side) => side.rates.length));
  const experiment = sampleExperiment({ configurations, boots });
  const header = sampleRunHeader({ experiment, ...changes });
  const trials = Array.from({ length: boots }, (_, at) =>
    sides.flatMap((side, turn) => (at < side.rates.length ? [trialOf(side, { runId: header.runId, at, turn })] : [])),
  ).flat();
  const plan = trials.map(({ trialId, configuration, block, boot }) => ({
    trialId,
    block,
    boot,
    configuration: configuration.name,
  }));
  return { header: { ...header, plan }, trials, ends: [sampleRunEnd()] };
}

/** The same, derived. */
export function sampleComparedRun(sides: readonly SampleSide[], changes: Partial<SampleHeader> = {}): Run {
  return judgedRun(sampleComparedParts(sides, changes));
}

/** Values around a level, a share of it apart, without a trend: the golden ratio's multiples are spread evenly. */
export function around(level: number, share: number, boots: number): number[] {
  const golden = (Math.sqrt(5) - 1) / 2;
  return Array.from({ length: boots }, (_, at) => Math.round(level * (1 + share * (2 * ((at * golden) % 1) - 1))));
}

export function sampleSide(name: string, changes: Partial<SampleSide> = {}): SampleSide {
  return {
    configuration: sampleConfiguration({ name }),
    rates: around(2.35e9, 0.01, 6),
    means: around(84_000, 0.02, 6),
    ...changes,
  };
}
