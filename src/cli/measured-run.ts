import { type RunResult, run } from '../api/run.ts';
import type { ExperimentChoice } from '../experiment/file/experiment-file.ts';
import { interrupts } from './interrupts.ts';
import { progressFor } from './progress/progress.ts';

/** Runs an experiment with its progress on stderr; Ctrl-C ends it and keeps what was measured. */
export async function measuredRun(
  choice: ExperimentChoice,
  { store, quiet }: { readonly store?: string | undefined; readonly quiet: boolean },
): Promise<RunResult> {
  using interrupted = interrupts();
  using progress = await progressFor(quiet);
  return await run({
    choice,
    store,
    signal: interrupted.signal,
    onProgress: progress.onProgress,
    command: ['tapbench', ...process.argv.slice(2)],
  });
}
