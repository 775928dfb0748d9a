import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { layout } from '../layout.ts';
import type { FoundRun } from '../run-folders.ts';
import { isFolderName } from '../run-id.ts';
import { errnoOf } from '../store-error.ts';

/**
 * Youngest change, in ms, that a time stamp of a file may miss: the kernel stamps files with the time of its last clock tick (at most 10 ms at HZ=100),
 * so what is written within a tick after we looked may leave the same stamp.
 */
const stampDoubtMs = 30;

export interface RunSignature {
  readonly text: string;
  /** It changed so lately that the next change may leave it as it is: the run has to be looked at again. */
  readonly isInDoubt: boolean;
}

interface Stamp {
  readonly text: string;
  readonly modifiedMs: number;
}

/** What can't be looked at has a stamp too: it changes when it can be. */
function stamp(path: string): Stamp | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return null;
    return { text: `${found.ino}.${found.mtimeMs}.${found.size}`, modifiedMs: found.mtimeMs };
  } catch (cause) {
    return { text: `!${errnoOf(cause) ?? ''}`, modifiedMs: 0 };
  }
}

/**
 * What tells, without opening a file of a run, whether it is still as it was: inode, time and size of its few files and folders. The folder of a new trial
 * changes it; the record that ends a trial whose folder is known does not (`hasFinished`). The part before the first space is that of `run.json` alone.
 */
export function runSignature({ folder, problem }: Omit<FoundRun, 'runId'>): RunSignature {
  const paths = [join(folder, layout.header), folder, join(folder, layout.trials), join(folder, layout.tags)];
  const stamps = paths.map(stamp);
  const youngestMs = Math.max(...stamps.map((one) => one?.modifiedMs ?? 0));
  return {
    text: stamps.map((one) => one?.text ?? '-').join(' '),
    isInDoubt: problem !== null || youngestMs > Date.now() - stampDoubtMs,
  };
}

/** Whether one of the trials that had a folder and no record has one now. */
export function hasFinished(folder: string, openTrials: readonly string[]): boolean {
  return openTrials.some((trialId) => existsSync(join(folder, layout.trials, trialId, layout.trial)));
}

/** The part of a signature that stands for `run.json`. */
export function headerPart(signature: string): string {
  return signature.slice(0, signature.indexOf(' '));
}

/** Inode, time and size of the record of a trial; null where it has none. */
export function trialSignature(runFolder: string, trialId: string): string | null {
  return stamp(join(runFolder, layout.trials, trialId, layout.trial))?.text ?? null;
}

/** Names of what may be trials of a run, sorted; empty where there is no such folder, or none that can be read. */
export function trialNames(runFolder: string): string[] {
  try {
    return readdirSync(join(runFolder, layout.trials)).filter(isFolderName).sort();
  } catch {
    return [];
  }
}
