import type { DatabaseSync } from 'node:sqlite';
import type { SeriesPoint } from '../../record/metric-history.ts';
import { type RunFilter, runCondition } from './filter.ts';
import { IndexDamage, type IndexRow, jsonOf, numberOf, textOf, textsOf } from './row.ts';

/** Which figures over runs. */
export interface SeriesQuery extends RunFilter {
  /** Full name, such as `latency.p50`. */
  readonly metric: string;
  readonly workload?: string | undefined;
  readonly configuration?: string | undefined;
}

function numbersOf(row: IndexRow, column: string): number[] {
  const value = jsonOf(row, column);
  if (Array.isArray(value) && value.every((one): one is number => typeof one === 'number')) return value;
  throw new IndexDamage(`${column} is no list of numbers`);
}

/** Of each boot the first trial in the order of the plan, then of attempts, as `derive/boot-figures.ts` chooses: a repetition stands in, it adds no second value. */
const select = `
  SELECT runs.runId, runs.startedAt, runs.fingerprint, series.configuration, series.workload,
    (SELECT json_group_array(tag ORDER BY tag) FROM tags WHERE tags.run = series.run) AS tags,
    (SELECT json_group_array(value ORDER BY boot) FROM (
      SELECT figures.boot, figures.value,
        row_number() OVER (PARTITION BY figures.boot ORDER BY place, attempt, trialId) AS rank
      FROM figures JOIN trials USING (trial) WHERE figures.series = series.series
    ) WHERE rank = 1) AS figureValues
  FROM series JOIN runs USING (run)
    LEFT JOIN configurations ON configurations.run = series.run AND configurations.name = series.configuration`;

/** Figures without a VM are no part of a series of such with one: they are given to who names the configuration. */
const isNoCeiling =
  "NOT EXISTS (SELECT 1 FROM fields f WHERE f.configuration = configurations.configuration AND f.path = 'ceilingOf')";

/**
 * A metric over the runs of a store that say their machine, oldest first, from the index; `refreshFigures` goes before. Lab notes are not in it: they are of
 * an unknown machine, and dated by when they were read.
 * @throws TapbenchError `USAGE` as `runCondition`
 */
export function seriesOf(index: DatabaseSync, query: SeriesQuery): SeriesPoint[] {
  const { metric, workload, configuration } = query;
  const condition = runCondition(index, query);
  const rows = index
    .prepare(
      `${select} WHERE series.metric = ? AND (? IS NULL OR series.workload = ?)
       AND ${configuration === undefined ? isNoCeiling : 'series.configuration = ?'}
       AND series.run IN (SELECT run FROM runs WHERE startedAt IS NOT NULL AND fingerprint IS NOT NULL AND ${condition.sql})
       ORDER BY runs.startedAt, runs.runId, configurations.configuration, series.series`,
    )
    .all(
      ...[metric, workload ?? null, workload ?? null],
      ...(configuration === undefined ? [] : [configuration]),
      ...condition.values,
    );
  return rows.map((row) => ({
    runId: textOf(row, 'runId'),
    startedAt: new Date(numberOf(row, 'startedAt')).toISOString(),
    configuration: textOf(row, 'configuration'),
    workload: textOf(row, 'workload'),
    fingerprint: textOf(row, 'fingerprint'),
    tags: textsOf(row, 'tags'),
    values: numbersOf(row, 'figureValues'),
  }));
}
