import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { kindOf } from '../plain-file.ts';
import { storeFailed } from '../store-error.ts';
import { isRunPath, ownNames } from './run-path.ts';

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
      if (entry.isFile() && isRunPath(below)) return [below];
      const reason = entry.isFile() ? 'is a file that a run has not' : `is a ${kindOf(entry)}`;
      throw new TapbenchError('STORE_FAILED', `${join(folder, below)} ${reason}: it can't be archived`, {
        hint: 'Move it out of the folder of the run.',
      });
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
