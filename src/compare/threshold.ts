import type { MetricDefinition } from '../derive/metrics.ts';
import { TapbenchError } from '../record/error.ts';
import { knownMetric } from './known-metric.ts';
import { shareOf } from './share.ts';

/** Smallest changes that matter, as shares. */
export interface Thresholds {
  /** For every metric that has none of its own; null: the metric's default. */
  readonly all: number | null;
  /** By full name of the metric. */
  readonly byMetric: ReadonlyMap<string, number>;
}

/**
 * Reads the arguments of `--threshold`: `5%` for all, `latency.p99=10%` for one; the last of several counts.
 * @throws TapbenchError `USAGE`
 */
export function readThresholds(texts: readonly string[]): Thresholds {
  let all: number | null = null;
  const byMetric = new Map<string, number>();
  for (const text of texts) {
    const equals = text.lastIndexOf('=');
    const share = shareOf(text.slice(equals + 1));
    if (share === null || share <= 0) {
      throw new TapbenchError('USAGE', `--threshold ${text}: must be a share above 0, as 5% or latency.p99=10%`);
    }
    if (equals < 0) all = share;
    else byMetric.set(knownMetric(text.slice(0, equals).trim(), `--threshold ${text}`).name, share);
  }
  return { all, byMetric };
}

export function thresholdOf(metric: MetricDefinition, thresholds: Thresholds): number {
  return thresholds.byMetric.get(metric.name) ?? thresholds.all ?? metric.threshold;
}
