import type { DatabaseSync } from 'node:sqlite';
import { TapbenchError } from '../../record/error.ts';
import { NoPlainFile } from '../plain-file.ts';
import { isDamage, isUnavailable } from '../sqlite-error.ts';
import { storeFailed } from '../store-error.ts';
import { demandStore } from '../store-mark.ts';
import { indexFile, indexInode, openIndexFile, removeIndexFile } from './file.ts';
import { openIndexInMemory } from './memory.ts';
import type { IndexPlace } from './place.ts';
import { IndexDamage } from './row.ts';

type Use<T> = (index: DatabaseSync) => T | Promise<T>;

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

async function useAndClose<T>(index: DatabaseSync, use: Use<T>): Promise<T> {
  try {
    return await use(index);
  } finally {
    index.close();
  }
}

function isBroken(cause: unknown): boolean {
  return cause instanceof IndexDamage || isDamage(cause);
}

/** Also where the lock beside the index is what can't be had: its error carries that of SQLite. */
function isOfTheIndex(cause: unknown): boolean {
  const isUnsafe = cause instanceof TapbenchError && cause.code === 'FOLDER_UNSAFE';
  const isUnusable = (one: unknown) => isBroken(one) || isUnavailable(one) || one instanceof NoPlainFile;
  return isUnsafe || isUnusable(cause) || (cause instanceof Error && isUnusable(cause.cause));
}

async function withFile<T>(place: IndexPlace, use: Use<T>): Promise<T> {
  const inode = indexInode(place);
  try {
    return await useAndClose(await openIndexFile(place), use);
  } catch (cause) {
    if (!isBroken(cause)) throw cause;
    place.onNotice(`the index ${indexFile(place)} is damaged (${reasonOf(cause)}): rebuilding it`);
    await removeIndexFile(place, inode);
    return await useAndClose(await openIndexFile(place), use);
  }
}

/**
 * Lends the index of a store. The index is only a memory of the run folders: a missing one is made, a damaged one and one of another version are made anew,
 * and where it can't be written (read-only store, full disk, held by somebody) one in memory stands in for it. So `use` may be called more than once.
 * @throws TapbenchError `STORE_FAILED` for a folder that is no store, and what `use` throws
 */
export async function withIndex<T>(place: IndexPlace, use: Use<T>): Promise<T> {
  // Nothing is written into a folder that holds no run.
  if (!(await demandStore(place.storeFolder))) return await useAndClose(openIndexInMemory(place), use);
  try {
    return await withFile(place, use);
  } catch (cause) {
    if (!isOfTheIndex(cause)) throw cause;
    place.onNotice(`the index ${indexFile(place)} can't be used (${reasonOf(cause)}): going on without it`);
    return await useAndClose(openIndexInMemory(place), use);
  }
}

/**
 * Lends the index for being written: nothing stands in for it.
 * @throws TapbenchError `STORE_FAILED` where it can't be written, and what `use` throws
 */
export async function withWritableIndex<T>(place: IndexPlace, use: Use<T>): Promise<T> {
  try {
    return await withFile(place, use);
  } catch (cause) {
    throw isOfTheIndex(cause) ? storeFailed(`the index ${indexFile(place)} can't be written`, cause) : cause;
  }
}
