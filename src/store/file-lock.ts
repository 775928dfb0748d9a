import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lookAtFolder } from '../lab/own-folder.ts';
import { TapbenchError } from '../record/error.ts';
import { databaseUse } from './durable-file.ts';
import { demandOwnFile, NoPlainFile } from './plain-file.ts';
import { isBusy, isDamage } from './sqlite-error.ts';
import { storeFailed } from './store-error.ts';

/** How long somebody else may hold a lock before we give up. They are held for a few file operations. */
const deadlineMs = 10_000;
const retryMs = 10;

function tryLock(path: string): DatabaseSync | null {
  // SQLite would wait at a pipe, and write through a link.
  for (const suffix of ['', '-journal', '-wal', '-shm']) demandOwnFile(path + suffix);
  const held = new DatabaseSync(path, { timeout: 0 });
  try {
    held.exec('BEGIN EXCLUSIVE');
    return held;
  } catch (cause) {
    held.close();
    if (isBusy(cause)) return null;
    throw cause;
  }
}

/** Not SQLite's own waiting: it would stop this whole process, and with it a holder of the lock in it. */
async function lock(path: string): Promise<DatabaseSync> {
  lookAtFolder(dirname(path), databaseUse);
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    const held = tryLock(path);
    if (held !== null) return held;
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
  throw new TapbenchError('STORE_FAILED', `${path}: another process has held this lock for ${deadlineMs / 1000} s`);
}

/**
 * Does something while no other process (nor another caller in this one) does the same under the same lock file. Node has no flock(2); an empty SQLite
 * database gives the same: an advisory lock of the kernel (fcntl(2)), which is gone with the process that held it. The empty file stays.
 * @throws TapbenchError `STORE_FAILED`, `FOLDER_UNSAFE` where others could put a journal beside it, and what `work` throws
 */
export async function withFileLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  const held = await lock(path).catch((cause: unknown) => {
    if (!isDamage(cause) && !(cause instanceof NoPlainFile)) throw storeFailed(`${path} can't be locked`, cause);
    const hint = 'Locks of tapbench are empty files: look at what this is, and move it away.';
    throw new TapbenchError('STORE_FAILED', `${path} is no lock of tapbench`, { hint, cause });
  });
  try {
    return await work();
  } finally {
    held.close();
  }
}
