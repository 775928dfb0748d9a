import { dirname, join } from 'node:path';
import type { deriveTrial } from '../derive/derive.ts';
import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import { storeFolder } from '../host/folders.ts';
import { lookAtFolder } from '../lab/own-folder.ts';
import type { OnProgress } from '../lab/progress.ts';
import { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import { resumedRun } from '../run/resumed-run.ts';
import { runExperiment } from '../run/run-experiment.ts';
import { storeUse } from '../store/durable-file.ts';
import { isThere, layout } from '../store/layout.ts';
import type { RunPlace } from '../store/resolve-run.ts';
import { Store } from '../store/store.ts';
import type { World } from '../world/world.ts';
import type { indexEndedRun } from './history.ts';
import type { readRun } from './read.ts';

export interface RunOptions {
  /** Built-in name or path of a YAML file, with what is changed in it; not looked at when a run is resumed. */
  readonly choice: ExperimentChoice;
  /** Folder of the runs; default: `TAPBENCH_STORE`, else the user's data folder. */
  readonly store?: string | undefined;
  /** A run to go on with: id, the beginning of one, or `latest`. */
  readonly resume?: string | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after the last trial, with its VM still up. */
  readonly keep?: ((world: World) => Promise<void>) | undefined;
  /** Called each time a guest has been started, and awaited before its first window: work that the boot leaves time for. */
  readonly whileBooting?: (() => Promise<void>) | undefined;
  /** The command line, for the record. */
  readonly command?: readonly string[] | undefined;
}

export interface RunResult {
  readonly run: Run;
  /** Folder of the run in the store. */
  readonly folder: string;
  /** Why it was cut short, or what of it can't be read; null for a run that went through. */
  readonly error: TapbenchError | null;
}

/** What judges, indexes and reads records. */
interface Reading {
  readonly deriveTrial: typeof deriveTrial;
  readonly indexEndedRun: typeof indexEndedRun;
  readonly readRun: typeof readRun;
}

/** It is loaded while the first guest boots: a measuring process need not wait for it to begin. */
async function loadReading(): Promise<Reading> {
  const [derive, history, read] = await Promise.all([
    import('../derive/derive.ts'),
    import('./history.ts'),
    import('./read.ts'),
    // What these three load only where it is needed, which it is at the end of every run.
    import('./run-verdicts.ts'),
    import('../store/index/refresh-figures.ts'),
    import('../store/index/refresh-verdicts.ts'),
  ]);
  return { deriveTrial: derive.deriveTrial, indexEndedRun: history.indexEndedRun, readRun: read.readRun };
}

/** What another says is to be started (its VMM, its kernel's arguments, its initramfs) must not be started here by the id, or the folder, of its run. */
async function refuseForeign({ runId, folder }: RunPlace): Promise<void> {
  lookAtFolder(folder, storeUse);
  if (!(await isThere(join(folder, layout.imported)))) return;
  throw new TapbenchError('RESUME_REFUSED', `run ${runId} was imported: its VMM and kernel are another machine's`, {
    hint: 'begin a new run with an experiment file of your own',
  });
}

/**
 * Runs an experiment on this machine and gives it as the store has it, judged.
 * Needs root. What it makes it removes, also when `signal` aborts it.
 * @throws TapbenchError before the first trial: a bad experiment, a machine that can't, a store that can't be written
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const onNotice = (text: string): void => options.onProgress?.({ kind: 'note', text });
  const chosen = Store.open(storeFolder(options.store));
  const resumed = options.resume === undefined ? null : await chosen.resolveRun(options.resume, onNotice);
  // A run that was named by its path may be in another store.
  const store = resumed === null ? chosen : Store.open(dirname(resumed.folder));
  if (resumed !== null) await refuseForeign(resumed);
  const stored = resumed === null ? null : (await store.readRun(resumed.runId)).header;
  const { experiment, source } = stored === null ? await loadExperiment(options.choice) : resumedRun(stored);
  const outcome = await runExperiment({
    experiment,
    source,
    store,
    command: options.command ?? [],
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal ?? new AbortController().signal,
    resume: resumed?.runId ?? null,
    isSound: async (trial, header) => (await loadReading()).deriveTrial(trial, header).status === 'ok',
    whileBooting: async () => {
      await Promise.all([loadReading(), options.whileBooting?.()]);
    },
    keep: options.keep ?? null,
  });
  const reading = await loadReading();
  await reading.indexEndedRun(outcome.runId, { store: store.folder, onNotice });
  const folder = store.runFolder(outcome.runId);
  const whole = await reading.readRun(folder);
  // A trial whose record can't be read is in no figure: without its error a run of such trials would be a good one.
  return { run: whole.run, folder, error: outcome.error ?? whole.damaged[0]?.error ?? null };
}
