import { reindexStore } from '../../api/history.ts';
import { jsonText } from '../../report/text/printable.ts';
import { notice } from '../filter-options.ts';
import { readOptions, storeOptions } from '../options.ts';
import { print } from '../output.ts';
import { stepProgress } from '../progress/step-progress.ts';

/** `tapbench reindex` */
export async function reindexCommand(given: object): Promise<void> {
  const { store, json } = readOptions(storeOptions, given);
  const startMs = performance.now();
  using progress = stepProgress(
    ({ runs, totalRuns, trials }: { runs: number; totalRuns: number; trials: number }) =>
      `run ${runs} of ${totalRuns}, ${trials} trials`,
  );
  const { runs, trials } = await reindexStore({ store, onNotice: notice, onProgress: progress.step });
  progress[Symbol.dispose]();
  const seconds = (performance.now() - startMs) / 1_000;
  await print(json ? jsonText({ runs, trials, seconds }) : `${runs} runs, ${trials} trials in ${seconds.toFixed(1)} s`);
}
