import { withoutCeilings } from '../record/ceiling.ts';
import type { Comparison } from '../record/comparison.ts';
import type { Run } from '../record/run.ts';
import { type CompareChoice, compareSides } from './compare-sides.ts';
import { sideOf } from './side.ts';

/** What is compared where nobody says otherwise: the main metrics with their own thresholds. */
export const usualChoice: CompareChoice = {
  metrics: 'main',
  thresholds: { all: null, byMetric: new Map() },
  gates: [],
  isStrict: false,
  seed: 1,
};

/**
 * The configurations of one run, each against the first; ceilings are of no verdict.
 * @returns null for a run of one configuration, and for a lab note: nobody chose its sections to be compared
 * @throws TapbenchError `NOT_COMPARABLE`
 */
export function compareWithin(run: Run, choice: CompareChoice = usualChoice): Comparison | null {
  if (run.source.kind === 'lab-note') return null;
  const [first, ...others] = withoutCeilings(run.experiment.configurations).map(({ name }) => sideOf(run, name, name));
  if (first === undefined || others.length === 0) return null;
  return compareSides(
    others.map((candidate) => ({ baseline: first, candidate })),
    choice,
  );
}
