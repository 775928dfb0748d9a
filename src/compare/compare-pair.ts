import type { Estimate, MetricComparison } from '../record/comparison.ts';
import { type ComparedMetric, compareMetrics, type MetricSamples } from '../stats/compare-metrics.ts';
import { estimateOf } from '../stats/estimate.ts';
import { type ComparableMetric, comparableMetrics, type MetricChoice } from './metric-choice.ts';
import type { Side } from './side.ts';
import type { SideFigures } from './side-figures.ts';
import { type Thresholds, thresholdOf } from './threshold.ts';

export interface ComparisonChoice {
  readonly metrics: MetricChoice;
  readonly thresholds: Thresholds;
  /** Seeds bootstrap and permutations. */
  readonly seed: number;
}

type CeilingPart = NonNullable<MetricComparison['ofCeiling']>['baseline'];

/** Of everything that a row says, what doesn't come from the statistics. */
function identity({ workload, metric }: ComparableMetric, thresholds: Thresholds) {
  const { name, unit, betterIs, kind } = metric;
  return { workload, metric: name, unit, betterIs, kind, threshold: thresholdOf(metric, thresholds) };
}

function estimate({ value, interval, boots }: ComparedMetric['baseline']): Estimate | null {
  return value === null || boots === 0 ? null : { value, interval, boots };
}

function missingText(role: string, { values, missing }: SideFigures): string {
  if (missing !== null) return `${role}: ${String(values.length)} usable, ${missing}`;
  return values.length > 0 ? '' : `${role}: no record of any can be read`;
}

/** Why boots are missing on either side; null where none is. */
function missingOf({ baseline, candidate }: ComparableMetric): string | null {
  const texts = [missingText('baseline', baseline), missingText('candidate', candidate)].filter((text) => text !== '');
  return texts.length === 0 ? null : texts.join('; ');
}

/** Boots a side that would do; null where there is a verdict, no telling, or as many already. */
function bootsThatWouldDo(row: ComparableMetric, { verdict, bootsThatWouldDo: wanted }: ComparedMetric): number | null {
  if (verdict !== 'cannot-tell' || wanted === null) return null;
  const fewest = Math.min(row.baseline.values.length, row.candidate.values.length);
  return wanted > fewest ? wanted : null;
}

interface Judged {
  readonly row: ComparableMetric;
  readonly compared: ComparedMetric;
}

/** The row of a metric with statistics. */
function judged({ row, compared }: Judged, thresholds: Thresholds): MetricComparison {
  return {
    ...identity(row, thresholds),
    baseline: estimate(compared.baseline),
    candidate: estimate(compared.candidate),
    ratio: compared.ratio.value,
    ratioInterval: compared.ratio.interval,
    pValue: compared.pValue,
    adjustedPValue: compared.adjustedPValue,
    isExact: compared.isExact,
    verdict: compared.verdict,
    reason: compared.reason,
    missing: missingOf(row),
    bootsThatWouldDo: bootsThatWouldDo(row, compared),
    detectableChange: compared.detectableChange,
    flags: [...compared.flags],
  };
}

/** The row of a metric that one side, or both, can say nothing of. */
function unjudged(row: ComparableMetric, { thresholds, seed }: ComparisonChoice): MetricComparison {
  return {
    ...identity(row, thresholds),
    baseline: estimate(estimateOf(row.baseline.values, { seed })),
    candidate: estimate(estimateOf(row.candidate.values, { seed })),
    ratio: null,
    ratioInterval: null,
    pValue: null,
    adjustedPValue: null,
    isExact: false,
    verdict: 'cannot-tell',
    reason: `No boot of ${row.baseline.values.length === 0 ? 'the baseline' : 'the candidate'} can be used.`,
    missing: missingOf(row),
    bootsThatWouldDo: null,
    detectableChange: null,
    flags: [],
  };
}

function samplesOf(row: ComparableMetric, thresholds: Thresholds): MetricSamples {
  const { workload, metric, baseline, candidate } = row;
  return {
    name: `${workload}:${metric.name}`,
    baseline: baseline.values,
    candidate: candidate.values,
    threshold: thresholdOf(metric, thresholds),
    betterIs: metric.betterIs,
    ...(row.isOneRun ? { positions: { baseline: baseline.timesMs, candidate: candidate.timesMs } } : {}),
  };
}

/** What a side is of its ceiling. */
function ceilingPart({ run, configuration }: Side, { workload, metric }: ComparableMetric): CeilingPart {
  const share = run.ceilingShares?.find(
    (one) => one.configuration === configuration.name && one.workload === workload && one.metric === metric.name,
  );
  const { ratio = null, interval = null } = share ?? {};
  return ratio === null ? null : { ratio, interval };
}

/**
 * Every chosen metric of two sides with its verdict. Holm runs over those that both sides have values for.
 * @throws TapbenchError `NOT_COMPARABLE`
 */
export function comparePair(baseline: Side, candidate: Side, choice: ComparisonChoice): MetricComparison[] {
  const { thresholds, seed } = choice;
  const rows = comparableMetrics(baseline, candidate, choice.metrics);
  const hasBoth = (row: ComparableMetric) => row.baseline.values.length > 0 && row.candidate.values.length > 0;
  const compared = compareMetrics(
    rows.filter(hasBoth).map((row) => samplesOf(row, thresholds)),
    { seed },
  );
  const byName = new Map(compared.map((one) => [one.name, one]));
  return rows.map((row) => {
    const result = byName.get(samplesOf(row, thresholds).name);
    const own = result === undefined ? unjudged(row, choice) : judged({ row, compared: result }, thresholds);
    const ofCeiling = { baseline: ceilingPart(baseline, row), candidate: ceilingPart(candidate, row) };
    return ofCeiling.baseline === null && ofCeiling.candidate === null ? own : { ...own, ofCeiling };
  });
}
