import { type MetricDefinition, metrics } from '../derive/metrics.ts';
import { TapbenchError } from '../record/error.ts';
import type { Side } from './side.ts';
import { type SideFigures, sideFigures } from './side-figures.ts';

/** Which metrics are compared. */
export interface MetricChoice {
  /** `main`: those that are worth it unasked. */
  readonly of: 'main' | 'all' | readonly MetricDefinition[];
  /** Compared beside them where they are not among them: what a gate asks for. */
  readonly also: readonly MetricDefinition[];
}

/** One row of a comparison, before any statistics. */
export interface ComparableMetric {
  readonly workload: string;
  readonly metric: MetricDefinition;
  readonly baseline: SideFigures;
  readonly candidate: SideFigures;
  /** Whether the boots of the two sides took turns in one run: drift over it is then common to both. */
  readonly isOneRun: boolean;
}

function isChosen(metric: MetricDefinition, { of, also }: MetricChoice): boolean {
  const isNamed = of === 'all' || (of === 'main' ? metric.isMain : of.includes(metric));
  return isNamed || also.includes(metric);
}

function workloadNames({ configuration }: Side): string[] {
  return configuration.workloads.map((spec) => spec.name);
}

/** What a side could be compared by, for people. */
function offer(side: Side): string {
  const offers = workloadNames(side).flatMap((workload) => {
    const has = metrics.filter((metric) => sideFigures(side, { workload, metric }).presence === 'measured');
    return has.length === 0 ? [] : [`${workload}: ${has.map((metric) => metric.name).join(', ')}`];
  });
  const failed = side.run.trials.length === 0 ? 'no finished trial' : 'nothing that was measured';
  return `${side.label} has ${offers.length === 0 ? failed : offers.join('; ')}`;
}

function notComparable(baseline: Side, candidate: Side, choice: MetricChoice): TapbenchError {
  const named = typeof choice.of === 'string' ? '' : ` among ${choice.of.map((metric) => metric.name).join(', ')}`;
  const message = `${baseline.label} and ${candidate.label} have no metric in common${named}`;
  return new TapbenchError('NOT_COMPARABLE', message, { hint: `${offer(baseline)}. ${offer(candidate)}.` });
}

/** Whether one side measured it and the other did too, or would have if a boot had got that far. */
function isInCommon({ baseline, candidate }: ComparableMetric): boolean {
  const presences = [baseline.presence, candidate.presence];
  return presences.includes('measured') && !presences.includes('absent');
}

/** A figure that only one side has is worth a line where it was measured there and is of a workload of both. */
function isHalf({ baseline, candidate }: ComparableMetric): boolean {
  return baseline.presence === 'measured' || candidate.presence === 'measured';
}

/**
 * The metrics of the workloads that both sides have by name, in the order of the baseline's workloads and of the table of metrics.
 * @throws TapbenchError `NOT_COMPARABLE` with what each side has
 */
export function comparableMetrics(baseline: Side, candidate: Side, choice: MetricChoice): ComparableMetric[] {
  const others = workloadNames(candidate);
  const shared = workloadNames(baseline).filter((name) => others.includes(name));
  const chosen = metrics.filter((metric) => isChosen(metric, choice));
  const isOneRun = baseline.run.runId === candidate.run.runId;
  const rows = shared.flatMap((workload) =>
    chosen.map((metric) => ({
      workload,
      metric,
      isOneRun,
      baseline: sideFigures(baseline, { workload, metric }),
      candidate: sideFigures(candidate, { workload, metric }),
    })),
  );
  if (!rows.some(isInCommon)) throw notComparable(baseline, candidate, choice);
  return rows.filter(isHalf);
}
