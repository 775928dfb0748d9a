import type { MetricDefinition } from '../derive/metrics.ts';
import type { HistoryPoint, HistorySeries, MetricHistory, SeriesPoint } from '../record/metric-history.ts';
import type { RunHeader } from '../record/run.ts';
import { changePoints } from '../stats/change-points.ts';
import { estimateOf } from '../stats/estimate.ts';
import { askedFacts, type Facts } from './facts.ts';

/** A point with what was chosen for it. */
export interface MeasuredPoint extends SeriesPoint {
  /** Runs that differ in it are no series. */
  readonly chosen: Facts;
}

/** Seeds bootstrap and change points: the same runs give the same history. */
const seed = 1;

/** What was chosen for one workload of one configuration of a run; other workloads have no part in it. */
export function chosenFor({ experiment }: Pick<RunHeader, 'experiment'>, name: string, workload: string): Facts {
  const configuration = experiment.configurations.find((one) => one.name === name);
  if (configuration === undefined) return new Map();
  const workloads = configuration.workloads.filter((spec) => spec.name === workload);
  return askedFacts({ ...configuration, workloads }, experiment);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  return [...Map.groupBy(items, keyOf).values()];
}

function placeOf({ workload, configuration }: MeasuredPoint): string {
  return JSON.stringify([workload, configuration]);
}

function seriesKey(point: MeasuredPoint): string {
  return JSON.stringify([placeOf(point), point.fingerprint, [...point.chosen].sort()]);
}

/** The fields in which the groups of one workload and configuration differ. */
function differingFields(groups: readonly (readonly MeasuredPoint[])[]): string[] {
  const facts = groups.flatMap(([first]) => (first === undefined ? [] : [first.chosen]));
  const paths = new Set(facts.flatMap((one) => [...one.keys()]));
  return [...paths].filter((path) => new Set(facts.map((one) => one.get(path))).size > 1);
}

function historyPoints(points: readonly MeasuredPoint[]): HistoryPoint[] {
  const estimated = points.flatMap(({ runId, startedAt, tags, values }) => {
    const { value, interval, boots } = estimateOf(values, { seed });
    return value === null ? [] : [{ runId, startedAt, tags: [...tags], estimate: { value, interval, boots } }];
  });
  const means = estimated.map((point) => point.estimate.value);
  const changes = new Map(changePoints(means, { seed }).map((change) => [change.index, change]));
  return estimated.map((point, index) => {
    const change = changes.get(index);
    return { ...point, change: change === undefined ? null : { ratio: change.ratio, pValue: change.pValue } };
  });
}

function seriesFrom(group: readonly MeasuredPoint[], fields: readonly string[]): HistorySeries[] {
  const [first] = group;
  const points = historyPoints(group);
  if (first === undefined || points.length === 0) return [];
  const { workload, configuration, fingerprint, chosen } = first;
  const distinction = Object.fromEntries(fields.map((path) => [path, chosen.get(path) ?? 'none']));
  return [{ workload, configuration, fingerprint, distinction, points }];
}

/**
 * A metric over runs, oldest first, in one series for each host, workload, configuration and choice of all their fields.
 * @param fingerprint the beginning of a host's; null: all hosts; undefined: the host of the newest point
 */
export function metricHistoryOf(
  metric: MetricDefinition,
  points: readonly MeasuredPoint[],
  fingerprint: string | null | undefined,
): MetricHistory {
  const wanted = fingerprint === undefined ? (points.at(-1)?.fingerprint ?? null) : fingerprint;
  const shown = points.filter((point) => wanted === null || point.fingerprint.startsWith(wanted));
  const shownRuns = new Set(shown.map((point) => point.runId));
  const otherRuns = new Set(points.map((point) => point.runId).filter((runId) => !shownRuns.has(runId)));
  const series = grouped(shown, placeOf).flatMap((place) => {
    const groups = grouped(place, seriesKey);
    const fields = differingFields(groups);
    return groups.flatMap((group) => seriesFrom(group, fields));
  });
  const { name, title, unit, betterIs } = metric;
  return { metric: name, title, unit, betterIs, fingerprint: wanted, otherRuns: otherRuns.size, series };
}
