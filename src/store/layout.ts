import { access, readdir } from 'node:fs/promises';
import { errnoOf, storeFailed } from './store-error.ts';

/** Names inside the folder of a run. */
export const layout = {
  header: 'run.json',
  trials: 'trials',
  trial: 'trial.json',
  abandoned: 'abandoned',
  tags: 'tags.json',
  /** Empty: only held. */
  tagsLock: '.tags.lock',
  /** Where the run came from, if it was not made here. */
  imported: 'imported.json',
  /** The text of a lab note that was imported. */
  note: 'note.md',
} as const;

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
