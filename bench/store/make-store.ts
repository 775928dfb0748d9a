import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeOf } from '../../src/derive/whole/whole-trial.ts';
import { type Configuration, configuration } from '../../src/record/experiment.ts';
import { gatheredOf } from '../../src/record/gathered-of.ts';
import type { Latency } from '../../src/record/latency.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { RunHeader } from '../../src/record/run.ts';
import type { Throughput } from '../../src/record/throughput.ts';
import { gatheredTrial, type WholeTrial } from '../../src/record/trial.ts';
import { upgraded } from '../../src/record/upgrade.ts';
import { sampleRunEnd, sampleRunHeader } from '../../test/sample/run.ts';
import { withPairs } from './many-flows.ts';

/** A trial that really was measured: what tapbench stores for one boot with the lab note's two workloads. */
const template = wholeOf(
  gatheredTrial.parse(
    upgraded(
      JSON.parse(
        readFileSync(
          join(import.meta.dirname, '../../test/golden/four-boots/stored/trials/001-qemu-b1/trial.json'),
          'utf8',
        ),
      ),
    ),
  ),
);

const startMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
/** Standard deviation of a boot's figures around their mean, as boots of one machine have it. */
const bootSpread = 0.02;

/** A repeatable sequence of numbers in [0, 1): mulberry32. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** About normal around 1: the sum of three uniform numbers. */
function factor(random: () => number): number {
  return 1 + bootSpread * 2 * (random() + random() + random() - 1.5);
}

/** A figure times a factor; null stays null. */
function times(value: number, factorOf: number): number;
function times(value: number | null, factorOf: number): number | null;
function times(value: number | null, factorOf: number): number | null {
  return value === null ? null : value * factorOf;
}

/** The same for all figures of an object. */
function eachTimes<T extends Readonly<Record<string, number | null>>>(values: T, factorOf: number): T {
  // Each value becomes a number again, or stays null, under the same name.
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, times(value, factorOf)])) as T;
}

function variedThroughput(throughput: Throughput, by: number): Throughput {
  const { bitsPerSecond, bytes, sentBytes, streams, intervals } = throughput;
  const rate = <T extends { bytes: number | null; bitsPerSecond: number | null }>(one: T): T => ({
    ...one,
    bytes: times(one.bytes, by),
    bitsPerSecond: times(one.bitsPerSecond, by),
  });
  return {
    ...throughput,
    bitsPerSecond: bitsPerSecond * by,
    bytes: times(bytes, by),
    sentBytes: times(sentBytes, by),
    streams: streams.map((stream) => ({ ...rate(stream), sentBytes: times(stream.sentBytes, by) })),
    intervals: intervals.map(rate),
  };
}

/** The spread goes with the latency; the error of the mean with the number of messages, too. */
function variedSpread({ spread, halfRoundTripNs: { mean } }: Latency, by: number): Latency['spread'] {
  if (spread === null || mean === null) return spread;
  const { low, high } = spread.confidence99Ns;
  return {
    ...eachTimes({ ...spread, confidence99Ns: null }, 1 / by),
    coefficientOfVariation: spread.coefficientOfVariation,
    standardErrorNs: spread.standardErrorNs / by ** 1.5,
    confidence99Ns: { low: mean / by - (mean - low) / by ** 1.5, high: mean / by + (high - mean) / by ** 1.5 },
  };
}

/** The same measurement, had the path been faster by a factor: every figure that hangs on it follows, so that no audit finds a contradiction. */
function varied(measurement: WholeMeasurement, by: number): WholeMeasurement {
  const { latency, throughput, link, work } = measurement;
  return {
    ...measurement,
    throughput: throughput && variedThroughput(throughput, by),
    latency: latency && {
      ...latency,
      messages: times(latency.messages, by),
      sentMessages: times(latency.sentMessages, by),
      receivedMessages: times(latency.receivedMessages, by),
      halfRoundTripNs: eachTimes(latency.halfRoundTripNs, 1 / by),
      roundTripNs: eachTimes(latency.roundTripNs, 1 / by),
      spread: variedSpread(latency, by),
    },
    work: eachTimes(work, by),
    link: link && { ...link, fromGuest: eachTimes(link.fromGuest, by), toGuest: eachTimes(link.toGuest, by) },
  };
}

/** As tapbench chose it: nothing is left open. */
const chosen = configuration.parse(template.configuration);

function configurations(runNumber: number, pairs: number): Configuration[] {
  const vcpus = 1 + (runNumber % 4);
  return [1500, 9000].map((mtu) => ({
    ...chosen,
    name: `mtu-${mtu}`,
    factors: { 'nic.mtu': String(mtu) },
    pairs,
    vmm: { ...chosen.vmm, vcpus },
    nic: { ...chosen.nic, mtu },
  }));
}

export interface MadeStore {
  readonly folder: string;
  readonly runs: number;
  /** Of each of two configurations. */
  readonly boots: number;
  /** Flows of each trial, with a VM each. Default 1. */
  readonly pairs?: number;
}

/** One run: its two configurations, booted in turn. */
export function makeRun({ folder, boots, pairs = 1 }: Omit<MadeStore, 'runs'>, runNumber: number): string {
  const random = sequence(runNumber);
  const startedAt = new Date(startMs + runNumber * hourMs).toISOString();
  const stamp = startedAt.replaceAll(/[-:]|\.\d+/g, '');
  const runId = `${stamp}-store-bench-${(runNumber % 65_536).toString(16).padStart(4, '0')}`;
  const both = configurations(runNumber, pairs);
  const trials = Array.from({ length: boots }, (_, boot) =>
    both.map((asked, index) => {
      const trialId = `${String(boot * 2 + index + 1).padStart(4, '0')}-${asked.name}-b${boot + 1}`;
      const by = factor(random);
      return {
        ...template,
        runId,
        trialId,
        configuration: asked,
        block: boot + 1,
        boot: boot + 1,
        startedAt,
        endedAt: startedAt,
        measurements: template.measurements.map((measurement) => varied(measurement, by)),
      } satisfies WholeTrial;
    }),
  ).flat();
  const sample = sampleRunHeader();
  const header: RunHeader = {
    ...sample,
    runId,
    startedAt,
    experiment: { ...sample.experiment, name: 'store-bench', boots, configurations: both },
    plan: trials.map(({ trialId, block, boot, ...trial }) => ({
      trialId,
      configuration: trial.configuration.name,
      block,
      boot,
    })),
  };
  const run = join(folder, runId);
  mkdirSync(join(run, 'trials'), { recursive: true });
  const put = (path: string, value: unknown) => {
    writeFileSync(join(run, path), `${JSON.stringify(value, null, 1)}\n`);
  };
  put('run.json', header);
  for (const trial of trials) {
    mkdirSync(join(run, 'trials', trial.trialId));
    put(join('trials', trial.trialId, 'trial.json'), withPairs(gatheredOf(trial), pairs));
  }
  put('end-001.json', sampleRunEnd());
  return runId;
}

/** Fills a folder with runs, one an hour. Files are written plainly: this is not about writing. */
export function makeStore(store: MadeStore): void {
  for (let number = 0; number < store.runs; number += 1) makeRun(store, number);
}
