import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from './layout.ts';
import { kindOf, problemOf, problemText } from './plain-file.ts';
import { isFolderName, isRunId } from './run-id.ts';
import { errnoOf, storeFailed } from './store-error.ts';

/** Where a run lies, or what stands in the place of one. */
export interface FoundRun {
  readonly runId: string;
  readonly folder: string;
  /** Why nothing of it can be read; null where there is a header to look at. */
  readonly problem: string | null;
}

/** Sorted names of what may be runs; empty where there is no such store. Not async: a list of runs waits for nothing else. */
function namesIn(storeFolder: string): string[] {
  try {
    return readdirSync(storeFolder).filter(isFolderName).sort();
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw storeFailed(`${storeFolder} can't be read`, cause);
  }
}

/** Whether no trial in a folder has a record. */
function hasNoRecord(trials: string): boolean {
  return readdirSync(trials).every((name) => problemOf(join(trials, name, layout.trial)) === 'absent');
}

/** What a run that is only just being made has: nothing yet or half of its header, and perhaps a first trial that has just begun. */
function isBeingMade(folder: string): boolean {
  return readdirSync(folder).every(
    (name) => name.startsWith('.') || (name === layout.trials && hasNoRecord(join(folder, name))),
  );
}

/** What is wrong where a folder has the name of a run and no header; null for one that is no run yet. */
function problemWithoutHeader(folder: string): string | null {
  try {
    const stats = lstatSync(folder);
    if (stats.isDirectory()) return isBeingMade(folder) ? null : `there is no ${layout.header}`;
    return stats.isSymbolicLink() ? 'its link leads to no run' : `it is a ${kindOf(stats)}, not a folder`;
  } catch (cause) {
    return problemText(cause);
  }
}

function foundRun(storeFolder: string, runId: string): FoundRun | null {
  const folder = join(storeFolder, runId);
  const problem = problemOf(join(folder, layout.header));
  if (problem === null) return { runId, folder, problem };
  // Whatever else lies in a store is none of our business, unless it has the name of a run.
  if (!isRunId(runId)) return null;
  if (problem !== 'absent') return { runId, folder, problem: `${layout.header}: ${problem}` };
  const reason = problemWithoutHeader(folder);
  return reason === null ? null : { runId, folder, problem: reason };
}

/**
 * All runs of a store, sorted by their ids, those that can't be read with the reason: one bad folder must not hide the others.
 * @throws TapbenchError `STORE_FAILED` where the store itself can't be read
 */
export function findRuns(storeFolder: string): FoundRun[] {
  return namesIn(storeFolder).flatMap((runId) => foundRun(storeFolder, runId) ?? []);
}
