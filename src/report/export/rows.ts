import { findingsAbout, type MetricDefinition, metrics, usableValue } from '../../derive/metrics.ts';
import type { CeilingShare } from '../../record/ceiling-share.ts';
import type { Measurement } from '../../record/measurement.ts';
import type { RunHeader } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { csvNumber, csvText } from '../text/csv-field.ts';
import { jsonText } from '../text/printable.ts';

/** One figure of one trial, with what is needed to group it. A trial without any figure has one row, so that what failed is not left out unseen. */
export interface ExportRow {
  readonly run: string;
  /** ISO 8601, of the run. */
  readonly startedAt: string;
  /** Of the host; null: a lab note does not say. */
  readonly fingerprint: string | null;
  readonly experiment: string;
  readonly configuration: string;
  /** What the matrix chose, as a JSON object. */
  readonly factors: string;
  /** null in the row of a trial without figures, as all from here that has no meaning there. */
  readonly workload: string | null;
  readonly trial: string;
  readonly block: number;
  readonly boot: number;
  readonly attempt: number;
  /** Trial that this one repeats. */
  readonly repeats: string | null;
  /** `ok`, `failed` or `void`. */
  readonly status: string;
  readonly metric: string | null;
  readonly unit: string | null;
  readonly value: number | null;
  /** Whether no finding voids it. */
  readonly usable: boolean;
  /** `level:audit`, separated by spaces; of a failed trial `failed:CODE`. */
  readonly findings: string;
}

/** Columns of the table, in their order. */
export const exportColumns = [
  'run',
  'startedAt',
  'fingerprint',
  'experiment',
  'configuration',
  'factors',
  'workload',
  'trial',
  'block',
  'boot',
  'attempt',
  'repeats',
  'status',
  'metric',
  'unit',
  'value',
  'usable',
  'findings',
] as const satisfies readonly (keyof ExportRow)[];

/** Each audit once. */
function findingsText(measurement: Measurement, metric: MetricDefinition): string {
  const texts = findingsAbout(measurement, metric).map(({ level, audit }) => `${level}:${audit}`);
  return [...new Set(texts)].join(' ');
}

/** How many times its ceiling in the same block a figure is; null where it has none. */
export type OfCeiling = (trialId: string, workload: string, metric: string) => number | null;

/** Of a run's shares. */
export function ofCeilings(shares: readonly CeilingShare[]): OfCeiling {
  const key = (...parts: readonly string[]): string => JSON.stringify(parts);
  const found = new Map(
    shares.flatMap(({ workload, metric, ratios }) =>
      ratios.map(({ trialId, ratio }): [string, number] => [key(trialId, workload, metric), ratio]),
    ),
  );
  return (...parts) => found.get(key(...parts)) ?? null;
}

/**
 * The rows of one trial: every metric of `docs/metrics.md` that boots are compared by and that was measured, in the order of the workloads,
 * each followed by what it is of its ceiling.
 */
export function exportRows(header: RunHeader, trial: Trial, ofCeiling: OfCeiling = () => null): ExportRow[] {
  const { configuration, block, boot, attempt, repeats, status } = trial;
  const place = {
    run: header.runId,
    startedAt: header.startedAt,
    fingerprint: header.host?.fingerprint ?? null,
    experiment: header.experiment.name,
    configuration: configuration.name,
    factors: JSON.stringify(configuration.factors),
  };
  const which = { trial: trial.trialId, block, boot, attempt, repeats, status };
  const rows = trial.measurements.flatMap((measurement) =>
    metrics.flatMap((metric): ExportRow[] => {
      const value = metric.read(measurement);
      if (value === null) return [];
      const usable = usableValue(measurement, metric) !== null;
      const findings = findingsText(measurement, metric);
      const { name, unit } = metric;
      const { workload } = measurement;
      const row = { ...place, workload, ...which, metric: name, unit, value, usable, findings };
      const ratio = ofCeiling(trial.trialId, workload, name);
      return ratio === null ? [row] : [row, { ...row, metric: `ofCeiling.${name}`, unit: '1', value: ratio }];
    }),
  );
  if (rows.length > 0) return rows;
  const findings = trial.failure === null ? '' : `failed:${trial.failure.code}`;
  const none = { workload: null, metric: null, unit: null, value: null, usable: false, findings };
  return [{ ...place, ...which, ...none }];
}

function csvCell(value: ExportRow[keyof ExportRow]): string {
  if (value === null) return '';
  if (typeof value === 'number') return csvNumber(value);
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : csvText(value);
}

/** The first line of the CSV, ended by CRLF (RFC 4180). */
export const csvHeader = `${exportColumns.join(',')}\r\n`;

/** A row as a line of CSV, ended by CRLF. What is null is empty. */
export function csvLine(row: ExportRow): string {
  return `${exportColumns.map((column) => csvCell(row[column])).join(',')}\r\n`;
}

/** A row as a line of JSON Lines. */
export function jsonLine(row: ExportRow): string {
  return `${jsonText(row)}\n`;
}
