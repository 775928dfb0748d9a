import { dirname } from 'node:path';
import type { Machine } from '../experiment/boot.ts';
import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import type { OnProgress } from '../experiment/progress.ts';
import { resumedRun } from '../experiment/resumed-run.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import { storeFolder } from '../host/folders.ts';
import type { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import { Store } from '../store/store.ts';

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
  readonly keep?: ((machine: Machine) => Promise<void>) | undefined;
  /** Called each time a guest has been started, and awaited before its first window: work that the boot leaves time for. */
  readonly whileBooting?: (() => Promise<void>) | undefined;
  /** The command line, for the record. */
  readonly command?: readonly string[] | undefined;
}

export interface RunResult {
  readonly run: Run;
  /** Folder of the run in the store. */
  readonly folder: string;
  /** Why it was cut short; null for a run that went through. */
  readonly error: TapbenchError | null;
}

/** What judges, indexes and reads records. It is loaded while the first guest boots: a measuring process need not wait for it to begin. */
async function reading(): Promise<
  Pick<typeof import('../derive/derive.ts'), 'deriveTrial'> &
    Pick<typeof import('./history.ts'), 'indexEndedRun'> &
    Pick<typeof import('./read.ts'), 'readRun'>
> {
  const [{ deriveTrial }, { indexEndedRun }, { readRun }] = await Promise.all([
    import('../derive/derive.ts'),
    import('./history.ts'),
    import('./read.ts'),
  ]);
  return { deriveTrial, indexEndedRun, readRun };
}

/**
 * Runs an experiment on this machine and gives it as the store has it, judged.
 * Needs root. What it makes it removes, also when `signal` aborts it.
 * @throws TapbenchError before the first trial: a bad experiment, a machine that can't, a store that can't be written
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const chosen = Store.open(storeFolder(options.store));
  const resumed = options.resume === undefined ? null : await chosen.resolveRun(options.resume);
  // A run that was named by its path may be in another store.
  const store = resumed === null ? chosen : Store.open(dirname(resumed.folder));
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
    isSound: async (trial, header) => (await reading()).deriveTrial(trial, header).status === 'ok',
    whileBooting: async () => {
      await Promise.all([reading(), options.whileBooting?.()]);
    },
    keep: options.keep ?? null,
  });
  const { indexEndedRun, readRun } = await reading();
  const onNotice = (text: string): void => options.onProgress?.({ kind: 'note', text });
  await indexEndedRun(outcome.runId, { store: store.folder, onNotice });
  const folder = store.runFolder(outcome.runId);
  return {
    run: (await readRun(folder)).run,
    folder,
    error: outcome.error,
  };
}
