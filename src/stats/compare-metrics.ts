import { bootsNeeded } from './boots-needed.ts';
import { detectableChange } from './detectable-change.ts';
import { type Estimate, estimateOf } from './estimate.ts';
import { holm } from './holm.ts';
import { type PermutationTest, permutationTest } from './permutation.ts';
import { seedOf } from './random.ts';
import { type RatioEstimate, ratioOf, type TwoSides } from './ratio.ts';
import { flagsOf, type SampleFlag } from './sample-flags.ts';
import { type VerdictName, verdictOf } from './verdict.ts';
import { withoutDrift } from './without-drift.ts';

export interface MetricSamples {
  readonly name: string;
  /** One figure per boot, in the order of time. */
  readonly baseline: readonly number[];
  /** One figure per boot, in the order of time. */
  readonly candidate: readonly number[];
  /** The least relative change that matters: 0.03 is 3 %. */
  readonly threshold: number;
  readonly betterIs: 'higher' | 'lower';
  /** Place of each boot in the run (trial numbers or times of start): where given, drift common to both sides is taken out before they are compared. */
  readonly positions?: TwoSides;
}

export interface CompareOptions {
  readonly seed: number;
  /** Bootstrap resamples; 10,000 unless told; fewer from 50 boots on (1,000 with 500). */
  readonly resamples?: number;
}

export interface ComparedMetric {
  readonly name: string;
  readonly baseline: Estimate;
  readonly candidate: Estimate;
  /** Candidate over baseline. */
  readonly ratio: RatioEstimate;
  readonly pValue: number | null;
  /** After Holm over all metrics of the comparison. */
  readonly adjustedPValue: number | null;
  /** Whether the p-value is over all splits of the boots and not a random sample of them. */
  readonly isExact: boolean;
  readonly verdict: VerdictName;
  readonly reason: string;
  /** Boots a side that would do for a verdict, by the spread seen; null where that isn't known. */
  readonly bootsThatWouldDo: number | null;
  /** The smallest change that these boots would have shown, as a share; null where that isn't known. */
  readonly detectableChange: number | null;
  readonly flags: readonly SampleFlag[];
}

/** What is compared: the figures as they are, or with common drift taken out where the boots' places are known. */
function comparedSides({ baseline, candidate, positions }: MetricSamples): TwoSides {
  return positions === undefined ? { baseline, candidate } : withoutDrift({ baseline, candidate, positions });
}

interface Judged {
  readonly metric: MetricSamples;
  readonly sides: TwoSides;
  readonly test: PermutationTest;
}

function compared(
  { metric, sides, test }: Judged,
  { adjustedPValue, tests }: { adjustedPValue: number | null; tests: number },
  options: CompareOptions,
): ComparedMetric {
  const { name, baseline, candidate, threshold, betterIs } = metric;
  const boots = { baseline: baseline.length, candidate: candidate.length };
  const seeded = (purpose: string): CompareOptions => ({
    ...options,
    seed: seedOf(`${name}/${purpose}`, options.seed),
  });
  const ratio = ratioOf({ ...sides, ...seeded('ratio') });
  return {
    name,
    // By the seed itself: the same boots have the same interval wherever they are shown.
    baseline: estimateOf(baseline, options),
    candidate: estimateOf(candidate, options),
    ratio,
    pValue: test.pValue,
    adjustedPValue,
    isExact: test.isExact,
    ...verdictOf({ ratio, adjustedPValue, threshold, betterIs, boots }),
    bootsThatWouldDo: bootsNeeded({ ...sides, threshold, tests }).boots,
    detectableChange: detectableChange(sides, tests),
    flags: flagsOf(metric),
  };
}

/**
 * Two sides by all their metrics: a test and a ratio for each, Holm over the tests, and then the verdicts. Each metric draws from a stream
 * of its own, so that adding one changes the others' adjusted p-values and nothing else.
 */
export function compareMetrics(metrics: readonly MetricSamples[], options: CompareOptions): ComparedMetric[] {
  const judged = metrics.map((metric): Judged => {
    const sides = comparedSides(metric);
    return {
      metric,
      sides,
      test: permutationTest({ ...sides, seed: seedOf(`${metric.name}/permutation`, options.seed) }),
    };
  });
  const adjusted = holm(judged.map(({ test }) => test.pValue));
  const tests = adjusted.filter((pValue) => pValue !== null).length;
  return judged.map((one, at) => compared(one, { adjustedPValue: adjusted[at] ?? null, tests }, options));
}
