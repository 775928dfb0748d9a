import { isCeiling } from '../record/ceiling.ts';
import { type ComparedPair, type Comparison, comparisonVersion } from '../record/comparison.ts';
import { TapbenchError } from '../record/error.ts';
import { type ComparisonChoice, comparePair } from './compare-pair.ts';
import { differencesOf } from './differences.ts';
import { checkGateWorkloads, type Gate } from './gate.ts';
import { gateResults } from './gate-results.ts';
import { describedSide, type Side } from './side.ts';

/** Two sides that are held against each other. */
export interface SidePair {
  readonly baseline: Side;
  readonly candidate: Side;
}

export interface CompareChoice extends Omit<ComparisonChoice, 'metrics'> {
  readonly metrics: ComparisonChoice['metrics']['of'];
  readonly gates: readonly Gate[];
  /** Whether a difference that makes a pair unfair is an error. */
  readonly isStrict: boolean;
}

function refuseUnfair(pairs: readonly ComparedPair[]): void {
  const unfair = pairs.flatMap(({ candidate, differences }) =>
    differences
      .filter((one) => one.kind === 'unfair')
      .map((one) => `${candidate.label}: ${one.path}: ${one.baseline} / ${one.candidate}`),
  );
  if (unfair.length === 0) return;
  throw new TapbenchError('NOT_COMPARABLE', 'the comparison is not fair:', {
    lines: unfair.map((line) => `  ${line}`),
    hint: 'Without --strict it is compared all the same, and these are said first.',
  });
}

/** A gate is on a VM; on a ceiling only where nothing else was named. */
function gatedPairs(sides: readonly SidePair[], pairs: readonly ComparedPair[]): readonly ComparedPair[] {
  const own = pairs.filter((_, index) => {
    const candidate = sides[index]?.candidate;
    return candidate !== undefined && !isCeiling(candidate.configuration);
  });
  return own.length === 0 ? pairs : own;
}

/**
 * Compares each candidate with its baseline: differences, verdicts by metric, gates. The same sides and seed give the same.
 * @throws TapbenchError `NOT_COMPARABLE` where a pair has no metric in common, or with `isStrict` where it is unfair; `USAGE` for a gate on a workload that
 * no side has
 */
export function compareSides(sides: readonly SidePair[], choice: CompareChoice): Comparison {
  const { gates, isStrict, thresholds, seed } = choice;
  const all = sides.flatMap(({ baseline, candidate }) => [baseline, candidate]);
  checkGateWorkloads(
    gates,
    all.flatMap(({ configuration }) => configuration.workloads.map(({ name }) => name)),
  );
  const metrics = { of: choice.metrics, also: gates.map((gate) => gate.metric) };
  const pairs = sides.map(({ baseline, candidate }) => ({
    baseline: describedSide(baseline),
    candidate: describedSide(candidate),
    differences: differencesOf(baseline, candidate),
    metrics: comparePair(baseline, candidate, { metrics, thresholds, seed }),
  }));
  if (isStrict) refuseUnfair(pairs);
  return { comparisonVersion, pairs, gates: gateResults(gates, gatedPairs(sides, pairs)), seed };
}
