import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf, storeFailed } from './store-error.ts';

/** Makes the names in a folder survive a power cut: fsync of a file keeps its bytes, not its name (fsync(2), "calling fsync() does not necessarily ensure that the entry in the directory ... has also reached disk"). */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function makeEach(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    // Where the parent is there, ENOENT means that the file system takes no folders.
    if (errno !== 'ENOENT' || parent === folder || (await stat(parent).catch(() => null)) !== null) throw cause;
    await makeEach(parent);
    await makeEach(folder);
  }
}

/**
 * Makes a folder and those above it. Not `mkdir` with `recursive`: Node 24 never returns from that below /proc.
 * @throws TapbenchError `STORE_FAILED`
 */
export async function makeFolder(folder: string): Promise<void> {
  await makeEach(folder).catch((cause: unknown) => {
    throw storeFailed(`${folder} can't be made`, cause);
  });
}

async function writeSynced(path: string, text: string): Promise<void> {
  // `wx`: never through a link or over a file that someone else made.
  await using handle = await open(path, 'wx');
  await handle.writeFile(text);
  await handle.sync();
}

/**
 * Writes a file so that readers, and whoever comes after a crash, see the old file or the whole new one: temporary file, fsync, rename, fsync of the folder.
 * @throws TapbenchError `STORE_FAILED`; nothing is left behind
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeSynced(temporary, text);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw storeFailed(`${path} can't be written`, cause);
  }
}
