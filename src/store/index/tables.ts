import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { numberOf, textOf } from './row.ts';
import { applicationId, indexVersion, schemaSql } from './schema-table.ts';
import { inTransaction } from './transaction.ts';

export function pragma(index: DatabaseSync, name: string): number {
  return numberOf(index.prepare(`PRAGMA ${name}`).get() ?? {}, name.split('.').at(-1) ?? name);
}

/** The tables are part of it: whoever changes them and forgets `indexVersion` gets a new index all the same. */
function versionText(readerVersion: string): string {
  const tables = createHash('sha256').update(schemaSql).digest('hex').slice(0, 12);
  return `${indexVersion} ${tables} ${readerVersion}`;
}

/**
 * Whether the tables are those that this version writes.
 * @param schema `main`, or the name of an attached database
 */
export function isCurrent(index: DatabaseSync, readerVersion: string, schema = 'main'): boolean {
  if (pragma(index, `${schema}.application_id`) !== applicationId) return false;
  if (pragma(index, `${schema}.user_version`) !== indexVersion) return false;
  const row = index.prepare(`SELECT value FROM ${schema}.meta WHERE key = 'version'`).get();
  return row !== undefined && textOf(row, 'value') === versionText(readerVersion);
}

/** What a database that is not current is: ours of another version, new, or somebody else's. */
export function kindOf(index: DatabaseSync): 'other-version' | 'new' | 'foreign' {
  if (pragma(index, 'application_id') === applicationId) return 'other-version';
  const { count } = index.prepare('SELECT count(*) AS count FROM sqlite_schema').get() ?? {};
  return count === 0 ? 'new' : 'foreign';
}

function dropAll(index: DatabaseSync): void {
  const tables = index
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  for (const table of tables) index.exec(`DROP TABLE "${textOf(table, 'name').replaceAll('"', '""')}"`);
}

/** Empty tables in place of whatever was there. */
export function createTables(index: DatabaseSync, readerVersion: string): void {
  inTransaction(index, () => {
    dropAll(index);
    index.exec(schemaSql);
    index.prepare("INSERT INTO meta VALUES ('version', ?)").run(versionText(readerVersion));
    index.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${indexVersion}`);
  });
}
