import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { lookAtFolder } from '../../lab/own-folder.ts';
import { databaseUse } from '../durable-file.ts';
import { withFileLock } from '../file-lock.ts';
import { demandOwnFile, readPlainFileStartSync } from '../plain-file.ts';
import type { IndexPlace } from './place.ts';
import { IndexDamage } from './row.ts';
import { applicationId } from './schema-table.ts';
import { createTables, isCurrent, kindOf } from './tables.ts';

const indexName = 'index.sqlite';
const lockName = '.index.lock';
/** How long to wait for another process that writes. Its transactions are short. */
const busyTimeoutMs = 2_000;
/** Where an SQLite file has its application id, big-endian (sqlite.org/fileformat2.html, "The Database Header"). */
const applicationIdOffset = 68;

export function indexFile({ storeFolder }: Pick<IndexPlace, 'storeFolder'>): string {
  return join(storeFolder, indexName);
}

/** The inode of the index; null where there is none. */
export function indexInode(place: IndexPlace): number | null {
  return lstatSync(indexFile(place), { throwIfNoEntry: false })?.ino ?? null;
}

/** Of several that find no tables, or old ones, one makes them. */
async function prepare(index: DatabaseSync, place: IndexPlace): Promise<void> {
  const { readerVersion, storeFolder, onNotice } = place;
  if (isCurrent(index, readerVersion)) return;
  await withFileLock(join(storeFolder, lockName), () => {
    if (isCurrent(index, readerVersion)) return;
    const kind = kindOf(index);
    if (kind === 'foreign') throw new IndexDamage('it is a database of something else');
    if (kind === 'other-version') onNotice('the index was made by another version of tapbench: rebuilding it');
    index.exec('PRAGMA journal_mode = WAL');
    createTables(index, readerVersion);
  });
}

/**
 * Whether the index and what SQLite keeps beside it are files, or not there: a pipe would stop us for ever, and a link may lead anywhere.
 * @returns whether there is an index
 * @throws NoPlainFile
 */
export function demandIndexFiles(place: Pick<IndexPlace, 'storeFolder'>): boolean {
  const path = indexFile(place);
  for (const suffix of ['-wal', '-shm', '-journal']) demandOwnFile(path + suffix);
  return demandOwnFile(path);
}

/** Opens the index of a store and makes what is missing of it. Throws what SQLite throws, NoPlainFile, IndexDamage, and `FOLDER_UNSAFE`. */
export async function openIndexFile(place: IndexPlace): Promise<DatabaseSync> {
  lookAtFolder(place.storeFolder, databaseUse);
  demandIndexFiles(place);
  const index = new DatabaseSync(indexFile(place), { timeout: busyTimeoutMs });
  try {
    // What is sorted stays in memory: a full disk must not stop a reader.
    index.exec('PRAGMA temp_store = MEMORY; PRAGMA synchronous = NORMAL');
    await prepare(index, place);
    return index;
  } catch (cause) {
    index.close();
    throw cause;
  }
}

/** Whether a file says of itself that it is an index of ours. What is not may be somebody's only copy. */
function isOurs(path: string): boolean {
  const header = readPlainFileStartSync(path, applicationIdOffset + 4);
  return header.length === applicationIdOffset + 4 && header.readUInt32BE(applicationIdOffset) === applicationId;
}

/** Puts a damaged index out of the way, unless somebody did so while we waited: then `damagedInode` is not there any more. */
export async function removeIndexFile(place: IndexPlace, damagedInode: number | null): Promise<void> {
  const path = indexFile(place);
  await withFileLock(join(place.storeFolder, lockName), () => {
    if (indexInode(place) !== damagedInode) return;
    if (isOurs(path)) rmSync(path, { force: true });
    else renameSync(path, `${path}.aside-${randomBytes(3).toString('hex')}`);
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
  });
}
