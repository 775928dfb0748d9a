import { join } from 'node:path';
import type { Phases } from '../lab/phases.ts';
import { type OnProgress, step } from '../lab/progress.ts';
import type { TapbenchError } from '../record/error.ts';
import type { Configuration, WorkloadSpec } from '../record/experiment.ts';
import type { GatheredMeasurement } from '../record/measurement.ts';
import type { RateSearch } from '../record/rate-search.ts';
import type { Phase } from '../record/trial.ts';
import { writeRawFile } from '../store/raw-file.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import type { World } from '../world/world.ts';
import type { CallCounter, CallCounters } from './call-counters.ts';
import { Edges, type WatchedProcess } from './edges.ts';
import { loadsOf, trafficTimes, windowName } from './load.ts';
import { measurementRecord } from './measurement-record.ts';
import { type ReadWindow, readFlows } from './read-window.ts';
import { searched } from './search.ts';
import type { Servers } from './serve.ts';
import { runWindow } from './window.ts';

export interface MeasureOptions {
  readonly world: World;
  readonly configuration: Configuration;
  /** The workloads of the window. */
  readonly specs: readonly WorkloadSpec[];
  readonly trialFolder: string;
  readonly counters: CallCounters;
  /** Traffic before the measured window, ns; 0 for none. */
  readonly warmupNs: number;
  /** The servers of each workload for the first window, where they were started ahead. */
  readonly servers: readonly (Promise<Servers> | null)[];
  readonly phases: Phases;
  readonly onProgress: OnProgress;
}

/** The workloads of one window, with what they cost us. */
export interface Measured {
  /** Of each workload, in their order. */
  readonly measurements: readonly GatheredMeasurement[];
  /** Why a flow of several came to nothing; null where all came to an end. */
  readonly failure: TapbenchError | null;
  readonly toolCpuNs: number;
  readonly toolResidentBytes: number;
}

/** One of the windows of the same workloads. */
interface Part {
  /** Of its folders and its phases, behind the names of the workloads. */
  readonly suffix: '' | `-search-${number}` | '-warmup' | '-traced';
  readonly specs: readonly WorkloadSpec[];
  readonly counter: CallCounter | null;
  readonly keepsLog: boolean;
  readonly servers: readonly (Promise<Servers> | null)[];
  /** A tool that fails is part of the result. */
  readonly mayFail?: boolean;
  /** Further processes whose CPU time is the experiment's own. */
  readonly watched?: readonly WatchedProcess[];
}

async function oneWindow(options: MeasureOptions, part: Part): Promise<ReadWindow> {
  const { world, phases, onProgress } = options;
  const { specs, suffix } = part;
  const loads = loadsOf(specs, suffix);
  const name = `${windowName(specs)}${suffix}`;
  const edges = new Edges({ world, counter: part.counter });
  for (const process of part.watched ?? []) edges.watch(process);
  const durationNs = Math.max(...specs.map((spec) => spec.durationNs));
  const text = `${name}: ${String(durationNs / 1e9)} s`;
  const outcome = await step(onProgress, { text, expectedNs: trafficTimes(loads).trafficNs }, async (id) => {
    const onRate = (rate: { bitsPerSecond: number; packetsPerSecond: number }): void => {
      onProgress({ kind: 'rate', id, ...rate });
    };
    return await runWindow({
      world,
      loads,
      edges,
      trialFolder: options.trialFolder,
      name,
      keepsLog: part.keepsLog,
      servers: part.servers,
      onRate,
      phases,
    });
  });
  phases.add({ name: `${name} window`, ...outcome.window, isWindow: true } satisfies Phase);
  const flows = await phases.time(`${name} parse`, async () => await readFlows(outcome.flows, part.mayFail === true));
  return { outcome, flows };
}

/** The same with what a search found in the place of what was asked for; `search` is null where there was none. A search has its window for itself. */
async function searchedFor(
  options: MeasureOptions,
): Promise<{ readonly options: MeasureOptions; readonly search: RateSearch | null }> {
  const [spec, ...others] = options.specs;
  const search = spec === undefined || others.length > 0 ? null : workloadFor(spec).search;
  if (search === null) return { options, search };
  const { found, search: record } = await searched(search, async (step, number) => {
    const servers = number === 1 ? options.servers : [];
    const part = { suffix: `-search-${number}`, specs: [step], counter: null, keepsLog: false, servers } as const;
    return await oneWindow(options, { ...part, mayFail: true });
  });
  return { options: { ...options, specs: [found], servers: [] }, search: record };
}

/** The same traffic before the measured window, kept out of every figure. False where the experiment asks for none. */
async function warmUp(options: MeasureOptions): Promise<boolean> {
  const { warmupNs, servers } = options;
  if (warmupNs === 0) return false;
  const specs = options.specs.map((spec) => ({ ...spec, durationNs: warmupNs }));
  await oneWindow(options, { suffix: '-warmup', specs, counter: null, keepsLog: false, servers });
  return true;
}

/** Measures while the script of a lab note traces, where that is asked for; what it printed is kept beside the window's other raw files. */
async function underLabNote(
  options: MeasureOptions,
  measured: (watched: readonly WatchedProcess[]) => Promise<ReadWindow>,
): Promise<ReadWindow> {
  await using tracer = await options.counters.labNote();
  if (tracer === null) return await measured([]);
  const window = await measured([{ name: 'bpftrace', part: 'tracer', pid: tracer.tracerPid }]);
  writeRawFile(join(options.trialFolder, options.specs[0]?.name ?? '', 'lab-note.txt'), await tracer.finish());
  return window;
}

/** Runs the workloads of a window: the measured one and, where the trace is separate, the traced one after it. */
export async function measure(asked: MeasureOptions): Promise<Measured> {
  const { options, search } = await searchedFor(asked);
  const { specs, counters } = options;
  const isWarm = await warmUp(options);
  const servers = isWarm ? [] : options.servers;
  const measured = await underLabNote(
    options,
    async (watched) =>
      await oneWindow(options, { suffix: '', specs, counter: counters.inline, keepsLog: true, servers, watched }),
  );
  const traced = await separately(options);
  const failure = traced?.failure ?? counters.inline?.failure ?? null;
  if (failure !== null)
    options.onProgress({ kind: 'note', text: `${windowName(specs)}: only reads and writes are counted: ${failure}` });
  const { readings } = measured.outcome;
  const failed = measured.flows.find((flow) => 'failure' in flow);
  return {
    measurements: asked.specs.map((spec) =>
      measurementRecord({
        spec,
        specs: asked.specs,
        counters,
        measured,
        traced: traced?.window ?? null,
        search,
        failure,
      }),
    ),
    failure: failed === undefined ? null : failed.failure,
    toolCpuNs: readings.toolCpuNs + (traced?.window?.outcome.readings.toolCpuNs ?? 0),
    toolResidentBytes: readings.toolResidentBytes,
  };
}

/** The traced window; null where the trace isn't separate, or can't be. `window` is null where its tracer failed: it is that of a VMM that was traced for an unknown part of it. */
async function separately(
  options: MeasureOptions,
): Promise<{ readonly window: ReadWindow | null; readonly failure: string | null } | null> {
  const { specs, counters, configuration } = options;
  const started = await options.phases.time(
    `${windowName(specs)} tracer attach`,
    async () => await counters.separate(),
  );
  if (started === null) return null;
  if ('failure' in started) return { window: null, failure: started.failure };
  await using counter = started.counter;
  const window = await oneWindow(options, {
    suffix: '-traced',
    specs: specs.map((spec) => ({ ...spec, durationNs: configuration.trace.durationNs })),
    counter,
    keepsLog: false,
    servers: [],
  });
  const { calls } = window.outcome.readings;
  return calls === null ? { window: null, failure: counter.failure } : { window, failure: null };
}
