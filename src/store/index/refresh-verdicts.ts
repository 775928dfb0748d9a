import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { deriveRun } from '../../derive/derive.ts';
import type { Verdict } from '../../record/comparison.ts';
import { TapbenchError } from '../../record/error.ts';
import type { Run } from '../../record/run.ts';
import { readRun } from '../read-run.ts';
import { type RunFilter, runCondition } from './filter.ts';
import { numberOf, textOf } from './row.ts';
import { contentsSql } from './schema-table.ts';
import { inTransaction } from './transaction.ts';

/** The verdict on one metric of a configuration against the baseline of its run. */
export interface IndexedVerdict {
  /** The candidate. */
  readonly configuration: string;
  readonly workload: string;
  readonly metric: string;
  readonly verdict: Verdict;
}

/** Compares the configurations of one run; the first is the baseline. */
export type VerdictsOf = (run: Run) => readonly IndexedVerdict[];

export interface VerdictRefresh {
  readonly storeFolder: string;
  /** Runs whose verdicts are wanted. */
  readonly filter: RunFilter;
  readonly verdictsOf: VerdictsOf;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

interface StaleRun {
  readonly run: number;
  readonly folder: string;
  readonly contents: string;
}

function staleRuns(index: DatabaseSync, { storeFolder, filter }: VerdictRefresh): StaleRun[] {
  const { sql, values } = runCondition(index, { ...filter, verdict: undefined });
  const rows = index
    .prepare(
      `SELECT run, runId, ${contentsSql} AS contents FROM runs
       WHERE experiment IS NOT NULL AND verdictsOf IS NOT ${contentsSql}
       AND (SELECT count(*) FROM configurations WHERE configurations.run = runs.run) > 1 AND ${sql}`,
    )
    .all(...values);
  return rows.map((row) => ({
    run: numberOf(row, 'run'),
    folder: join(storeFolder, textOf(row, 'runId')),
    contents: textOf(row, 'contents'),
  }));
}

/** None where the header of the run can't be used any more: the next reader finds it damaged. */
async function verdictsIn(folder: string, verdictsOf: VerdictsOf): Promise<readonly IndexedVerdict[]> {
  try {
    const { header, trials, ends, tags } = await readRun(folder);
    return verdictsOf(deriveRun({ header, trials, ends, tags }));
  } catch (cause) {
    if (cause instanceof TapbenchError) return [];
    throw cause;
  }
}

/** Compares the configurations inside each of the wanted runs that changed since they were compared. One run at a time is held. */
export async function refreshVerdicts(index: DatabaseSync, refresh: VerdictRefresh): Promise<void> {
  const stale = staleRuns(index, refresh);
  for (const [done, { run, folder, contents }] of stale.entries()) {
    refresh.onProgress?.(done, stale.length);
    const verdicts = await verdictsIn(folder, refresh.verdictsOf);
    inTransaction(index, () => {
      index.prepare('DELETE FROM verdicts WHERE run = ?').run(run);
      const add = index.prepare('INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?)');
      for (const { configuration, workload, metric, verdict } of verdicts) {
        add.run(run, configuration, workload, metric, verdict);
      }
      index.prepare('UPDATE runs SET verdictsOf = ? WHERE run = ?').run(contents, run);
    });
  }
}
