import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { storeFailed } from '../store-error.ts';
import { isPlainPath, ownNames } from './archive-manifest.ts';

const recordPattern = /^(run\.json|end-\d+\.json|trials\/[^/]+\/trial\.json)$/;

/** Whether a file is one of the records that a run consists of: equal records, equal run. */
export function isRecordPath(path: string): boolean {
  return recordPattern.test(path);
}

/** Half-written files of `writeDurably`. */
function isTemporary(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

async function filesBelow(folder: string, path: string): Promise<string[]> {
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (ownNames.includes(below) || isTemporary(entry.name)) return [];
      if (entry.isDirectory()) return await filesBelow(folder, below);
      if (entry.isFile() && isPlainPath(below)) return [below];
      throw new TapbenchError('STORE_FAILED', `${join(folder, below)} is no plain file: it can't be archived`);
    }),
  );
  return lists.flat();
}

/**
 * Paths of all files of a run, relative to its folder, sorted by their code units.
 * @throws TapbenchError `STORE_FAILED`, also for a link or a device
 */
export async function runFiles(folder: string): Promise<string[]> {
  try {
    return (await filesBelow(folder, '')).sort();
  } catch (cause) {
    throw storeFailed(`${folder} can't be read`, cause);
  }
}
