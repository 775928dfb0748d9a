import type { MetricSamples } from '../../src/stats/compare-metrics.ts';
import { holm } from '../../src/stats/holm.ts';
import { permutationTest } from '../../src/stats/permutation.ts';
import { seedOf } from '../../src/stats/random.ts';
import { ratioOf, type TwoSides } from '../../src/stats/ratio.ts';
import { type VerdictName, verdictOf } from '../../src/stats/verdict.ts';
import { withoutDrift } from '../../src/stats/without-drift.ts';

/** What `compareMetrics` says of a metric, as far as the simulations ask. */
export interface Judged {
  readonly pValue: number | null;
  readonly adjustedPValue: number | null;
  readonly verdict: VerdictName;
}

/** Fewer than a user gets, for time: it only makes the ends of an interval rougher. */
export const resamples = 1_000;

interface Tested {
  readonly metric: MetricSamples;
  readonly sides: TwoSides;
  readonly pValue: number | null;
}

function sidesOf({ baseline, candidate, positions }: MetricSamples): TwoSides {
  return positions === undefined ? { baseline, candidate } : withoutDrift({ baseline, candidate, positions });
}

function verdictFor(
  { metric, sides }: Omit<Tested, 'pValue'>,
  adjustedPValue: number | null,
  seed: number,
): VerdictName {
  const { name, baseline, candidate, threshold, betterIs } = metric;
  const ratio = ratioOf({ ...sides, seed: seedOf(`${name}/ratio`, seed), resamples });
  const boots = { baseline: baseline.length, candidate: candidate.length };
  return verdictOf({ ratio, adjustedPValue, threshold, betterIs, boots }).verdict;
}

/**
 * The alarms of `compareMetrics` without what takes most of its time: the estimates, flags and numbers of boots, and the intervals where the
 * test is silent, as there can be no alarm then (nor is `same` said here).
 */
export function judge(metrics: readonly MetricSamples[], { seed }: { readonly seed: number }): Judged[] {
  const tested = metrics.map((metric): Tested => {
    const sides = sidesOf(metric);
    return {
      metric,
      sides,
      pValue: permutationTest({ ...sides, seed: seedOf(`${metric.name}/permutation`, seed) }).pValue,
    };
  });
  const adjusted = holm(tested.map(({ pValue }) => pValue));
  return tested.map((one, at) => {
    const adjustedPValue = adjusted[at] ?? null;
    const isSilent = adjustedPValue === null || adjustedPValue >= 0.05;
    return {
      pValue: one.pValue,
      adjustedPValue,
      verdict: isSilent ? 'cannot-tell' : verdictFor(one, adjustedPValue, seed),
    };
  });
}

/** Whether `compareMetrics` calls the sides the same: that goes by the interval alone, so there is no test here. */
export function isCalledSame(metric: MetricSamples, seed: number): boolean {
  return verdictFor({ metric, sides: sidesOf(metric) }, null, seed) === 'same';
}
