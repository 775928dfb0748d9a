import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { otherWriter } from '../lab/folder-owners.ts';
import { syncFolder } from './durable-file.ts';
import { storeFailed } from './store-error.ts';
import { claimStore, demandStore } from './store-mark.ts';

/** `imported.json`, beside the records of a run that was not made here. */
export interface Provenance {
  /** ISO 8601. */
  readonly importedAt: string;
  /** Name of the file that was imported. */
  readonly archive: string;
  readonly archiveSha256: string;
  readonly tapbenchVersion: string;
}

const draftPrefix = '.import-';
/** A folder of an import that was killed: no import takes so long. */
const abandonedAfterMs = 86_400_000;

/**
 * Whether nothing will come of a draft any more. Only of our own: removing goes by paths, and in a folder of another user he could have put a link in
 * the place of a folder meanwhile.
 */
async function isAbandoned(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => null);
  if (stats?.isDirectory() !== true) return false;
  if (stats.uid !== process.geteuid?.() || otherWriter(stats) !== null) return false;
  return Date.now() - stats.mtimeMs > abandonedAfterMs;
}

/** Removes what imports of ours that were killed left in a store; gives their folders. By their age: the store may be another machine's, too. */
export async function removeAbandonedImports(storeFolder: string): Promise<string[]> {
  await demandStore(storeFolder);
  const names = (await readdir(storeFolder).catch(() => [])).filter((name) => name.startsWith(draftPrefix));
  const removed: string[] = [];
  for (const name of names) {
    const path = join(storeFolder, name);
    if (!(await isAbandoned(path))) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(path);
  }
  return removed;
}

/** Makes all below a folder lasting. */
export async function syncFolders(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  await syncFolder(folder);
}

/**
 * Gives a folder beside the runs to lay an import out in, which is gone afterwards: what is to stay is moved out of it whole.
 * @throws TapbenchError `STORE_FAILED`
 */
export async function withImportDraft<T>(storeFolder: string, work: (draft: string) => Promise<T>): Promise<T> {
  await claimStore(storeFolder);
  await removeAbandonedImports(storeFolder);
  const draft = await mkdtemp(join(storeFolder, draftPrefix)).catch((cause: unknown) => {
    throw storeFailed(`${storeFolder} can't be written`, cause);
  });
  try {
    return await work(draft);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
