import { join } from 'node:path';
import { knownMetric } from '../compare/known-metric.ts';
import { chosenFor, type MeasuredPoint, metricHistoryOf } from '../compare/metric-history.ts';
import { storeFolder } from '../host/folders.ts';
import { TapbenchError } from '../record/error.ts';
import type { MetricHistory } from '../record/metric-history.ts';
import { type RunHeader, runHeader } from '../record/run.ts';
import { layout } from '../store/layout.ts';
import { Store } from '../store/store.ts';
import { readRecord } from '../store/stored-record.ts';
import { type HistoryOptions, type OnIndexProgress, seriesOf } from './history.ts';

export interface MetricHistoryQuery {
  /** Such as `latency.p99`. */
  readonly metric: string;
  readonly workload?: string | undefined;
  readonly configuration?: string | undefined;
  /** The beginning of a host's; null: all hosts; absent: the host of the newest run that has the metric. */
  readonly fingerprint?: string | null | undefined;
  /** ISO 8601, or its date. */
  readonly since?: string | undefined;
  /** The run has all of them. */
  readonly tags?: readonly string[] | undefined;
}

/** The header of each run once; null for one that can't be read any more. */
function headersOf(store: Store): (runId: string) => Promise<RunHeader | null> {
  const headers = new Map<string, RunHeader | null>();
  return async (runId) => {
    if (!headers.has(runId)) {
      const header = await readRecord(join(store.runFolder(runId), layout.header), runHeader).catch(
        (cause: unknown) => {
          if (cause instanceof TapbenchError) return null;
          throw cause;
        },
      );
      headers.set(runId, header);
    }
    return headers.get(runId) ?? null;
  };
}

/**
 * A metric over the runs of the store, with the runs where its level changes. Runs that differ in a field of the configuration are in series of their own.
 * @throws TapbenchError `USAGE` for a metric that is none or a filter that can't be, `STORE_FAILED`
 */
export async function metricHistory(
  query: MetricHistoryQuery,
  options: HistoryOptions & { readonly onProgress?: OnIndexProgress } = {},
): Promise<MetricHistory> {
  const metric = knownMetric(query.metric, `history ${query.metric}`);
  const { workload, configuration, since, tags } = query;
  const series = await seriesOf({ metric: metric.name, workload, configuration, since, tags }, options);
  const headerOf = headersOf(Store.open(storeFolder(options.store)));
  const points: MeasuredPoint[] = [];
  for (const point of series) {
    const header = await headerOf(point.runId);
    if (header === null) continue;
    points.push({ ...point, chosen: chosenFor(header, point.configuration, point.workload) });
  }
  return metricHistoryOf(metric, points, query.fingerprint);
}
