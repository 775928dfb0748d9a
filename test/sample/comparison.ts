import { compareSides } from '../../src/compare/compare-sides.ts';
import { compareWithin, usualChoice } from '../../src/compare/compare-within.ts';
import { readGate } from '../../src/compare/gate.ts';
import { sideOf } from '../../src/compare/side.ts';
import type { Comparison } from '../../src/record/comparison.ts';
import type { Run } from '../../src/record/run.ts';

/** The configurations of a run, compared with its first. */
export function sampleComparison(run: Run, gates: readonly string[] = []): Comparison {
  const comparison = compareWithin(run, { ...usualChoice, gates: gates.map(readGate) });
  if (comparison === null) throw new Error('the run has one configuration');
  return comparison;
}

/** A configuration of one run, compared with its namesake of another. */
export function sampleComparisonOfRuns(baseline: Run, candidate: Run, name: string): Comparison {
  const pair = { baseline: sideOf(baseline, name, 'before'), candidate: sideOf(candidate, name, 'after') };
  return compareSides([pair], usualChoice);
}
