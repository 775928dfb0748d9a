import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { RunSummary } from '../run-summary.ts';
import { type RunFilter, runCondition } from './filter.ts';
import { IndexDamage, type IndexRow, jsonOf } from './row.ts';

function isSummary(value: unknown): value is Omit<RunSummary, 'folder'> {
  return typeof value === 'object' && value !== null && 'runId' in value && typeof value.runId === 'string';
}

/** What we wrote ourselves is not checked field by field: a list of thousands must not wait for it. */
function summaryOf(row: IndexRow, storeFolder: string): RunSummary {
  const value = jsonOf(row, 'summary');
  if (!isSummary(value)) throw new IndexDamage('a summary of a run is none');
  return { ...value, folder: join(storeFolder, value.runId) };
}

export interface RunQuery {
  readonly storeFolder: string;
  readonly filter: RunFilter;
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
}

/**
 * The runs that a filter means, newest first, as the index has them.
 * @throws TapbenchError `USAGE`
 */
export function queryRuns(index: DatabaseSync, { storeFolder, filter, limit }: RunQuery): RunSummary[] {
  const { sql, values } = runCondition(index, filter);
  return index
    .prepare(`SELECT summary FROM runs WHERE ${sql} ORDER BY runId DESC LIMIT ?`)
    .all(...values, limit ?? -1)
    .map((row) => summaryOf(row, storeFolder));
}
