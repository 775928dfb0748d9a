import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { TapbenchError } from '../record/error.ts';
import { type RunEnd, type RunHeader, runEnd, runHeader } from '../record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../record/trial.ts';
import { layout, namesIn } from './layout.ts';
import { problemOf } from './plain-file.ts';
import { storeFailed } from './store-error.ts';
import { readRecord, readRecordSync } from './stored-record.ts';
import { readTags } from './tags.ts';

/** Trials that are read without letting others have a turn. Asking the kernel for each through the thread pool takes a fifth longer. */
const trialsInARow = 50;
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
  readonly tags: readonly string[];
  readonly damaged: readonly DamagedRecord[];
}

/** Files of the ends of a run, oldest first. */
export async function endFiles(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => endPattern.test(name)).map((name) => join(folder, name));
}

/**
 * Files of the finished trials of a run, whether they can be read or not.
 * @throws TapbenchError `STORE_FAILED` where `trials` is no folder, or not to be read
 */
export async function trialFiles(folder: string): Promise<string[]> {
  const names = await namesIn(join(folder, layout.trials));
  const files = names.map((name) => join(folder, layout.trials, name, layout.trial));
  return files.filter((file) => problemOf(file) !== 'absent');
}

/**
 * Reads a whole run from its folder. A damaged trial, end or list of tags is reported in `damaged`; the rest is still read.
 * @throws TapbenchError `RECORD_INVALID` or `STORE_FAILED` where `run.json` itself can't be used
 */
export async function readRun(folder: string): Promise<StoredRun> {
  const header = await readRecord(join(folder, layout.header), runHeader);
  const trials: GatheredTrial[] = [];
  const ends: RunEnd[] = [];
  const damaged: DamagedRecord[] = [];
  const files: string[] = [];
  await keep(damaged, join(folder, layout.trials), async () => files.push(...(await trialFiles(folder))));
  for (const [index, file] of files.entries()) {
    await keep(damaged, file, () => trials.push(readRecordSync(file, gatheredTrial)));
    if (index % trialsInARow === trialsInARow - 1) await setImmediate();
  }
  for (const file of await endFiles(folder)) {
    await keep(damaged, file, async () => ends.push(await readRecord(file, runEnd)));
  }
  let tags: readonly string[] = [];
  await keep(damaged, join(folder, layout.tags), async () => {
    tags = await readTags(folder);
  });
  return { folder, header, trials, ends, tags, damaged };
}

async function keep(damaged: DamagedRecord[], file: string, read: () => unknown): Promise<void> {
  try {
    await read();
  } catch (cause) {
    damaged.push({ file, error: storeFailed(`${file} can't be read`, cause) });
  }
}
