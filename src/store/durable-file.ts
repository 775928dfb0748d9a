import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FolderUse, lookAtFolder, makeOwnFolder } from '../lab/own-folder.ts';
import { fileMode, folderMode } from './modes.ts';
import { storeFailed } from './store-error.ts';

/** Makes the names in a folder survive a power cut: fsync of a file keeps its bytes, not its name (fsync(2), "calling fsync() does not necessarily ensure that the entry in the directory ... has also reached disk"). */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Others may have runs of their own beside ours, where they can't touch ours. */
export const storeUse: FolderUse = {
  kind: 'place',
  mode: folderMode,
  instead: 'choose a folder of your own: --store DIR',
};

/** Where SQLite may open a file: it acts on what lies beside it (a journal is played back, and may name a further file to be deleted). */
export const databaseUse: FolderUse = { ...storeUse, kind: 'trusted' };

/**
 * Makes a folder of the store, and those above it.
 * @throws TapbenchError `FOLDER_UNSAFE` where others could exchange it, `STORE_FAILED`
 */
export function makeFolder(folder: string): void {
  try {
    makeOwnFolder(folder, storeUse);
  } catch (cause) {
    throw storeFailed(`${folder} can't be made`, cause);
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  // `wx`: never through a link or over a file that someone else made.
  await using handle = await open(path, 'wx', fileMode);
  await handle.writeFile(text);
  await handle.sync();
}

/**
 * Writes a file so that readers, and whoever comes after a crash, see the old file or the whole new one: temporary file, fsync, rename, fsync of the folder.
 * @throws TapbenchError `FOLDER_UNSAFE` where others could exchange the folder, `STORE_FAILED`; nothing is left behind
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    lookAtFolder(dirname(path), storeUse);
    await writeSynced(temporary, text);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw storeFailed(`${path} can't be written`, cause);
  }
}
