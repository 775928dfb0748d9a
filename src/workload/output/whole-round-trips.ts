import type { MeasuredDistribution } from '../measured-figures.ts';

/** Half round trips doubled. */
export function wholeRoundTrips(half: MeasuredDistribution): MeasuredDistribution {
  return {
    mean: half.mean * 2,
    stddev: half.stddev * 2,
    min: half.min * 2,
    max: half.max * 2,
    p25: half.p25 * 2,
    p50: half.p50 * 2,
    p75: half.p75 * 2,
    p90: half.p90 * 2,
    p99: half.p99 * 2,
    p999: half.p999 * 2,
    p9999: half.p9999 * 2,
    p99999: half.p99999 * 2,
  };
}
