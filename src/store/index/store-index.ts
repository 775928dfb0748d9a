import type { SeriesPoint } from '../../record/metric-history.ts';
import type { RunSummary } from '../run-summary.ts';
import { demandStore } from '../store-mark.ts';
import type { RunFilter } from './filter.ts';
import { withIndex, withWritableIndex } from './open-index.ts';
import type { IndexPlace } from './place.ts';
import { queryRuns } from './query-runs.ts';
import type { IndexProgress } from './refresh-figures.ts';
import { refreshRuns } from './refresh-runs.ts';
import type { VerdictsOf } from './refresh-verdicts.ts';
import { tables } from './schema-table.ts';
import { type SeriesQuery, seriesOf } from './series.ts';
import { inTransaction } from './transaction.ts';

/**
 * What commands ask of the index of a store. Each call brings it up to the run folders first, as far as it needs: a list of runs opens no trial.
 * The reading of trials is loaded only where it is needed, as a list must come at once.
 */

export interface ListQuery {
  readonly filter: RunFilter;
  readonly limit?: number | undefined;
  /** Needed where the filter names a verdict; otherwise not called. */
  readonly verdictsOf?: VerdictsOf | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * The runs that a filter means, newest first.
 * @throws TapbenchError `USAGE` for a filter that can't be, `STORE_FAILED`
 */
export async function listIndexedRuns(place: IndexPlace, query: ListQuery): Promise<RunSummary[]> {
  const { storeFolder } = place;
  const { filter, limit, verdictsOf, onProgress } = query;
  return await withIndex(place, async (index) => {
    await refreshRuns(index, storeFolder);
    if (filter.verdict !== undefined && verdictsOf !== undefined) {
      const { refreshVerdicts } = await import('./refresh-verdicts.ts');
      await refreshVerdicts(index, { storeFolder, filter, verdictsOf, onProgress });
    }
    return queryRuns(index, { storeFolder, filter, limit });
  });
}

export type OnIndexProgress = (progress: IndexProgress) => void;

/**
 * A metric over the runs of a store, oldest first.
 * @throws TapbenchError `USAGE`, `STORE_FAILED`
 */
export async function indexedSeries(
  place: IndexPlace,
  query: SeriesQuery,
  onProgress?: OnIndexProgress,
): Promise<SeriesPoint[]> {
  const { storeFolder } = place;
  return await withIndex(place, async (index) => {
    await refreshRuns(index, storeFolder);
    const { refreshFigures } = await import('./refresh-figures.ts');
    await refreshFigures(index, { storeFolder, onProgress });
    return seriesOf(index, query);
  });
}

/** Brings one run into the index with its figures and, where `verdictsOf` is given, its verdicts: at the end of a run. */
export async function indexRun(place: IndexPlace, runId: string, verdictsOf?: VerdictsOf): Promise<void> {
  const { storeFolder } = place;
  await withIndex(place, async (index) => {
    await refreshRuns(index, storeFolder);
    const { refreshFigures } = await import('./refresh-figures.ts');
    await refreshFigures(index, { storeFolder, runIds: [runId] });
    if (verdictsOf === undefined) return;
    const { refreshVerdicts } = await import('./refresh-verdicts.ts');
    await refreshVerdicts(index, { storeFolder, filter: { runIds: [runId] }, verdictsOf });
  });
}

export interface Reindexed {
  readonly runs: number;
  readonly trials: number;
}

/**
 * Forgets everything and reads all run folders again.
 * @throws TapbenchError `STORE_FAILED`
 */
export async function reindex(place: IndexPlace, onProgress?: OnIndexProgress): Promise<Reindexed> {
  const { storeFolder } = place;
  if (!(await demandStore(storeFolder))) return { runs: 0, trials: 0 };
  return await withWritableIndex(place, async (index) => {
    inTransaction(index, () => {
      for (const table of tables) if (table !== 'meta') index.exec(`DELETE FROM ${table}`);
    });
    const runs = await refreshRuns(index, storeFolder);
    const { refreshFigures } = await import('./refresh-figures.ts');
    return { runs, trials: await refreshFigures(index, { storeFolder, onProgress }) };
  });
}
