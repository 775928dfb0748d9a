import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { TapbenchError } from '../../record/error.ts';
import { isFolderName } from '../run-id.ts';
import { type RunSummary, runStatuses } from '../run-summary.ts';
import { type RunFilter, runCondition } from './filter.ts';
import { IndexDamage, type IndexRow, jsonOf } from './row.ts';

type Summary = Omit<RunSummary, 'folder'>;

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value);
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

/** Not zod: a list of thousands must not wait for it. */
const checks: Readonly<Record<keyof Summary, (value: unknown) => boolean>> = {
  runId: (value) => typeof value === 'string' && isFolderName(value),
  startedAt: isTextOrNull,
  experiment: isTextOrNull,
  source: isTextOrNull,
  fingerprint: isTextOrNull,
  configurations: isTexts,
  workloads: isTexts,
  plannedTrials: isCount,
  finishedTrials: isCount,
  status: (value) => runStatuses.some((status) => status === value),
  tags: isTexts,
  problem: isTextOrNull,
};

function isSummary(value: unknown): value is Summary {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  return Object.entries(checks).every(([name, isRight]) => isRight(fields.get(name)));
}

/** The file may have been changed by others: what we would not have written is not believed. */
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
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1))
    throw new TapbenchError('USAGE', `limit ${String(limit)}: not a whole number from 1`);
  return index
    .prepare(`SELECT summary FROM runs WHERE ${sql} ORDER BY startedAt DESC, runId DESC LIMIT ?`)
    .all(...values, limit ?? -1)
    .map((row) => summaryOf(row, storeFolder));
}
