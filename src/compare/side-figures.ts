import { bootFigures } from '../derive/boot-figures.ts';
import type { MetricDefinition } from '../derive/metrics.ts';
import { voidingFindings } from '../derive/usable.ts';
import type { Trial } from '../record/trial.ts';
import { type Side, trialsOf } from './side.ts';

/** What one side has of one metric. */
export interface SideFigures {
  /** One a boot, those that may be used. */
  readonly values: readonly number[];
  /** When the boot of each value was begun: ms since 1970; of a lab note only the order, as the number of the boot. */
  readonly timesMs: readonly number[];
  /**
   * `measured`: at least one boot has the figure, be it void; `lost`: the workload was asked for, and no boot got as far as to measure it;
   * `absent`: the side does not have this metric.
   */
  readonly presence: 'measured' | 'lost' | 'absent';
  /** Why boots are missing from `values`, in words; null where none is. */
  readonly missing: string | null;
}

export interface FigureQuestion {
  readonly workload: string;
  readonly metric: MetricDefinition;
}

/** Why one trial gives no value: `void (stream-sum)`, `failed (GUEST_FAILED)`, `not measured (tracing is off)`. null where it gives one. */
function absence(trial: Trial, { workload, metric }: FigureQuestion): string | null {
  const measurement = trial.measurements.find((one) => one.workload === workload);
  if (measurement === undefined) return `failed (${trial.failure?.code ?? 'no reason was recorded'})`;
  const value = metric.read(measurement);
  if (value === null) {
    const cost = metric.name.startsWith('cost.') ? measurement.cost.reasons[metric.name.slice('cost.'.length)] : null;
    const [said] = Object.values(measurement.notMeasured);
    return `not measured (${cost ?? said ?? 'no reason was recorded'})`;
  }
  const audits = voidingFindings(measurement, metric.rests).map((finding) => finding.audit);
  if (audits.length > 0) return `void (${[...new Set(audits)].join(', ')})`;
  return Number.isFinite(value) ? null : 'not a number';
}

/** `2 void (stream-sum), 1 failed (GUEST_FAILED)`, the commonest first. */
function counted(reasons: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.length === 0 ? null : sorted.map(([reason, count]) => `${String(count)} ${reason}`).join(', ');
}

/** The usable values of a metric over the boots of a side, with what became of the others. Of a boot that was repeated in vain the last trial speaks. */
export function sideFigures(side: Side, question: FigureQuestion): SideFigures {
  const { workload, metric } = question;
  const trials = trialsOf(side);
  const figures = bootFigures(trials, { configuration: side.configuration.name, workload, metric });
  const isUsed = new Set(figures.map((figure) => figure.boot));
  const last = new Map(trials.filter((trial) => !isUsed.has(trial.boot)).map((trial) => [trial.boot, trial]));
  const measurements = trials.flatMap((trial) => trial.measurements.filter((one) => one.workload === workload));
  const isAsked = side.configuration.workloads.some((spec) => spec.name === workload);
  const isLost = isAsked && measurements.length === 0;
  const isMeasured = measurements.some((one) => metric.read(one) !== null);
  return {
    values: figures.map((figure) => figure.value),
    timesMs: figures.map(({ startedAt, boot }) => (startedAt === null ? boot : Date.parse(startedAt))),
    presence: isMeasured ? 'measured' : isLost ? 'lost' : 'absent',
    missing: counted([...last.values()].flatMap((trial) => absence(trial, question) ?? [])),
  };
}
