import { storeFolder } from '../host/folders.ts';
import { TapbenchError } from '../record/error.ts';
import type { SeriesPoint } from '../record/metric-history.ts';
import type { RunFilter } from '../store/index/filter.ts';
import type { IndexPlace } from '../store/index/place.ts';
import type { VerdictsOf } from '../store/index/refresh-verdicts.ts';
import type { SeriesQuery } from '../store/index/series.ts';
import {
  indexedSeries,
  indexRun,
  listIndexedRuns,
  type OnIndexProgress,
  type Reindexed,
  reindex,
} from '../store/index/store-index.ts';
import type { RunSummary } from '../store/run-summary.ts';
import type { StoreOptions } from './store-options.ts';
import { version } from './version.ts';

/** How the history of a store is read. */
export type HistoryOptions = StoreOptions;

export interface ListOptions extends HistoryOptions {
  readonly filter?: RunFilter | undefined;
  /** At most so many, the newest. */
  readonly limit?: number | undefined;
  /** How far the comparing of runs is that a filter by verdict may need. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

function placeOf({ store, onNotice }: HistoryOptions): IndexPlace {
  return { storeFolder: storeFolder(store), readerVersion: version, onNotice: onNotice ?? (() => undefined) };
}

async function ownVerdicts(): Promise<VerdictsOf> {
  const { runVerdicts } = await import('./run-verdicts.ts');
  return runVerdicts;
}

/**
 * The runs of the store, newest first; with `filter` only those that fit all of it. A filter by verdict compares the configurations of runs that changed
 * since they were compared.
 * @throws TapbenchError `USAGE` for a filter that can't be, `STORE_FAILED`
 */
export async function listRuns(options: ListOptions = {}): Promise<RunSummary[]> {
  const { filter = {}, limit, onProgress } = options;
  const verdictsOf = filter.verdict === undefined ? undefined : await ownVerdicts();
  return await listIndexedRuns(placeOf(options), { filter, limit, verdictsOf, onProgress });
}

/**
 * A metric over the runs of the store, oldest first: the series of `tapbench history`.
 * @throws TapbenchError `USAGE` for a metric that is none or a filter that can't be, `STORE_FAILED`
 */
export async function seriesOf(
  query: SeriesQuery,
  options: HistoryOptions & { readonly onProgress?: OnIndexProgress } = {},
): Promise<SeriesPoint[]> {
  const { metricNamed, metrics } = await import('../derive/metrics.ts');
  const metric = metricNamed(query.metric);
  if (metric === null) {
    const hint = `Metrics: ${metrics.map(({ name }) => name).join(', ')}`;
    throw new TapbenchError('USAGE', `${query.metric}: no such metric`, { hint });
  }
  return await indexedSeries(placeOf(options), { ...query, metric: metric.name }, options.onProgress);
}

/**
 * Rebuilds the index from the run folders.
 * @throws TapbenchError `STORE_FAILED`
 */
export async function reindexStore(
  options: HistoryOptions & { readonly onProgress?: OnIndexProgress } = {},
): Promise<Reindexed> {
  return await reindex(placeOf(options), options.onProgress);
}

/** Brings a run that has just ended into the index. Never throws: the run is stored, and the next reader brings it in. */
export async function indexEndedRun(runId: string, options: HistoryOptions = {}): Promise<void> {
  try {
    await indexRun(placeOf(options), runId, await ownVerdicts());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    options.onNotice?.(`the index was not brought up to ${runId}: ${reason}`);
  }
}

export type { OnIndexProgress, Reindexed, RunFilter, SeriesPoint, SeriesQuery };
