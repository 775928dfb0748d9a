import { lstatSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { trustedOwners } from '../../lab/folder-owners.ts';
import { demandIndexFiles, indexFile } from './file.ts';
import type { IndexPlace } from './place.ts';
import { tables } from './schema-table.ts';
import { createTables, isCurrent } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** In a folder that several may write to, an index may be one of them saying what the runs of the others are. */
function isOfStore(file: string, storeFolder: string): boolean {
  const { uid } = lstatSync(file);
  return uid === statSync(storeFolder).uid || trustedOwners().has(uid);
}

/** Takes over what the file holds, if it can be read without writing beside it: nothing may be pending in its log. */
function copyFile(index: DatabaseSync, place: IndexPlace): void {
  if (!demandIndexFiles(place)) return;
  const path = indexFile(place);
  if (!isOfStore(path, place.storeFolder)) return;
  const pendingBytes = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (pendingBytes > 0) return;
  index.exec(`ATTACH '${pathToFileURL(path).href.replaceAll("'", "''")}?immutable=1&mode=ro' AS old`);
  if (!isCurrent(index, place.readerVersion, 'old')) return;
  inTransaction(index, () => {
    for (const table of tables) index.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM old.${table}`);
  });
}

function emptyIndex({ readerVersion }: IndexPlace): DatabaseSync {
  const index = new DatabaseSync(':memory:');
  createTables(index, readerVersion);
  return index;
}

/** An index in memory, for a store in which none can be written. Begins with what the file has, where that can be read. */
export function openIndexInMemory(place: IndexPlace): DatabaseSync {
  const index = emptyIndex(place);
  try {
    copyFile(index, place);
    return index;
  } catch {
    // The file was no help: everything is read from the folders.
    index.close();
    return emptyIndex(place);
  }
}
