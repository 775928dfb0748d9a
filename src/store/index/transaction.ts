import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in one transaction of a writer; others wait for its end. */
export function inTransaction<T>(index: DatabaseSync, work: () => T): T {
  index.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    index.exec('COMMIT');
    return result;
  } catch (cause) {
    // SQLite itself rolls back on a full disk.
    if (index.isTransaction) index.exec('ROLLBACK');
    throw cause;
  }
}
