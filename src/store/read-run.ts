import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TapbenchError } from '../record/error.ts';
import { type RunEnd, type RunHeader, runEnd, runHeader } from '../record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../record/trial.ts';
import { errnoOf, storeFailed } from './store-error.ts';
import { readRecord } from './stored-record.ts';

/** Names inside the folder of a run. */
export const layout = { header: 'run.json', trials: 'trials', trial: 'trial.json', abandoned: 'abandoned' } as const;
const endPattern = /^end-\d+\.json$/;

/** A record that is there but can't be used. */
export interface DamagedRecord {
  readonly file: string;
  readonly error: TapbenchError;
}

/** A run as it lies on disk. */
export interface StoredRun {
  readonly folder: string;
  readonly header: RunHeader;
  /** Finished trials, in the order of their ids. */
  readonly trials: readonly GatheredTrial[];
  /** One a session of the run, oldest first. Empty: it never ended, or still runs. */
  readonly ends: readonly RunEnd[];
  readonly damaged: readonly DamagedRecord[];
}

/** Sorted names in a folder; empty where there is no such folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw storeFailed(`${folder} can't be read`, cause);
  }
}

export async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Files of the ends of a run, oldest first. */
export async function endFiles(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => endPattern.test(name)).map((name) => join(folder, name));
}

/** Files of the finished trials of a run. */
export async function trialFiles(folder: string): Promise<string[]> {
  const names = await namesIn(join(folder, layout.trials));
  const files = names.map((name) => join(folder, layout.trials, name, layout.trial));
  const areThere = await Promise.all(files.map(isThere));
  return files.filter((_, index) => areThere[index]);
}

/**
 * Reads a whole run from its folder. A damaged trial or end is reported in `damaged`; the rest is still read.
 * @throws TapbenchError `RECORD_INVALID` or `STORE_FAILED` where `run.json` itself can't be used
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const header = await readRecord(join(folder, layout.header), runHeader);
  const trials: GatheredTrial[] = [];
  const ends: RunEnd[] = [];
  const damaged: DamagedRecord[] = [];
  for (const file of await trialFiles(folder)) {
    await keep(damaged, file, async () => trials.push(await readRecord(file, gatheredTrial)));
  }
  for (const file of await endFiles(folder)) {
    await keep(damaged, file, async () => ends.push(await readRecord(file, runEnd)));
  }
  return { folder, header, trials, ends, damaged };
}

async function keep(damaged: DamagedRecord[], file: string, read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (cause) {
    damaged.push({ file, error: storeFailed(`${file} can't be read`, cause) });
  }
}
