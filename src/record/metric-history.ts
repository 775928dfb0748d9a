import { z } from 'zod';
import { estimate } from './comparison.ts';

/** One run of a series. */
export const historyPoint = z.strictObject({
  runId: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  tags: z.array(z.string()),
  /** Over the boots of the run. */
  estimate,
  /** Where the level changes with this run: mean of the new level over that of the one before (null where that is 0), and how often chance does that. null elsewhere. */
  change: z.strictObject({ ratio: z.number().nullable(), pValue: z.number() }).nullable(),
});
export type HistoryPoint = z.infer<typeof historyPoint>;

/** Runs of one host that measured the same work on the same configuration. */
export const historySeries = z.strictObject({
  workload: z.string(),
  configuration: z.string(),
  fingerprint: z.string(),
  /** What tells it from the other series of this workload and configuration: field of the configuration to value. */
  distinction: z.record(z.string(), z.string()),
  /** Oldest first. */
  points: z.array(historyPoint).min(1),
});
export type HistorySeries = z.infer<typeof historySeries>;

/** What `tapbench history` gives. */
export const metricHistory = z.strictObject({
  /** Name as in docs/comparing.md. */
  metric: z.string(),
  title: z.string(),
  /** Unit of the values: `bit/s`, `ns`, `1`. */
  unit: z.string(),
  betterIs: z.enum(['higher', 'lower']),
  /** Of the host whose runs these are; null: all hosts. */
  fingerprint: z.string().nullable(),
  /** Runs of other hosts that have the metric too and are not shown. */
  otherRuns: z.int().nonnegative(),
  series: z.array(historySeries),
});
export type MetricHistory = z.infer<typeof metricHistory>;

/** The values of one metric of one workload on one configuration of one run. */
export interface SeriesPoint {
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly configuration: string;
  readonly workload: string;
  readonly fingerprint: string;
  readonly tags: readonly string[];
  /** One a boot, in the order of boots, in the unit of the metric; only usable ones, so never empty. */
  readonly values: readonly number[];
}
