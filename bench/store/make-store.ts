import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../src/record/experiment.ts';
import type { GatheredMeasurement } from '../../src/record/measurement.ts';
import type { RunHeader } from '../../src/record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../../src/record/trial.ts';
import { upgraded } from '../../src/record/upgrade.ts';
import { sampleRunEnd, sampleRunHeader } from '../../test/sample/run.ts';

/** A trial that really was measured: what tapbench stores for one boot with the lab note's two workloads. */
const template = gatheredTrial.parse(
  upgraded(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, '../../test/golden/four-boots/stored/trials/001-qemu-b1/trial.json'),
        'utf8',
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

/** The same measurement, had the path been faster by a factor: every figure that hangs on it follows, so that no audit finds a contradiction. */
function varied(measurement: GatheredMeasurement, by: number): GatheredMeasurement {
  const { latency, throughput, link, work } = measurement;
  const times = <T extends Readonly<Record<string, number>>>(values: T, factorOf: number): T =>
    // Each value becomes a number again, under the same name.
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value * factorOf])) as T;
  const rate = <T extends { bytes: number; bitsPerSecond: number }>(one: T): T => ({
    ...one,
    bytes: one.bytes * by,
    bitsPerSecond: one.bitsPerSecond * by,
  });
  return {
    ...measurement,
    throughput: throughput && {
      ...rate(throughput),
      sentBytes: throughput.sentBytes === null ? null : throughput.sentBytes * by,
      streams: throughput.streams.map((stream) => ({
        ...rate(stream),
        sentBytes: stream.sentBytes === null ? null : stream.sentBytes * by,
      })),
      intervals: throughput.intervals.map(rate),
    },
    latency: latency && {
      ...latency,
      messages: latency.messages * by,
      sentMessages: latency.sentMessages * by,
      receivedMessages: latency.receivedMessages * by,
      halfRoundTripNs: times(latency.halfRoundTripNs, 1 / by),
      roundTripNs: times(latency.roundTripNs, 1 / by),
    },
    work: {
      roundTrips: work.roundTrips === null ? null : work.roundTrips * by,
      payloadBytes: work.payloadBytes === null ? null : work.payloadBytes * by,
    },
    link: link && { ...link, fromGuest: times(link.fromGuest, by), toGuest: times(link.toGuest, by) },
  };
}

function configurations(runNumber: number): Configuration[] {
  const vcpus = 1 + (runNumber % 4);
  return [1500, 9000].map((mtu) => ({
    ...template.configuration,
    name: `mtu-${mtu}`,
    factors: { 'nic.mtu': String(mtu) },
    vmm: { ...template.configuration.vmm, vcpus },
    nic: { ...template.configuration.nic, mtu },
    workloads: template.measurements.map(({ spec }) => spec),
  }));
}

export interface MadeStore {
  readonly folder: string;
  readonly runs: number;
  /** Of each of two configurations. */
  readonly boots: number;
}

/** One run: its two configurations, booted in turn. */
export function makeRun({ folder, boots }: Omit<MadeStore, 'runs'>, runNumber: number): string {
  const random = sequence(runNumber);
  const startedAt = new Date(startMs + runNumber * hourMs).toISOString();
  const stamp = startedAt.replaceAll(/[-:]|\.\d+/g, '');
  const runId = `${stamp}-store-bench-${(runNumber % 65_536).toString(16).padStart(4, '0')}`;
  const both = configurations(runNumber);
  const trials = Array.from({ length: boots }, (_, boot) =>
    both.map((configuration, index) => {
      const trialId = `${String(boot * 2 + index + 1).padStart(4, '0')}-${configuration.name}-b${boot + 1}`;
      const by = factor(random);
      return {
        ...template,
        ...{ runId, trialId, configuration, block: boot + 1, boot: boot + 1, startedAt, endedAt: startedAt },
        measurements: template.measurements.map((measurement) => varied(measurement, by)),
      } satisfies GatheredTrial;
    }),
  ).flat();
  const sample = sampleRunHeader();
  const header: RunHeader = {
    ...sample,
    ...{ runId, startedAt },
    experiment: { ...sample.experiment, name: 'store-bench', boots, configurations: both },
    plan: trials.map(({ trialId, configuration, block, boot }) => ({
      ...{ trialId, configuration: configuration.name, block, boot },
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
    put(join('trials', trial.trialId, 'trial.json'), trial);
  }
  put('end-001.json', sampleRunEnd());
  return runId;
}

/** Fills a folder with runs, one an hour. Files are written plainly: this is not about writing. */
export function makeStore(store: MadeStore): void {
  for (let number = 0; number < store.runs; number += 1) makeRun(store, number);
}
