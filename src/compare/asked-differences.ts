import type { Difference } from '../record/comparison.ts';
import { askedMeaningTable } from './difference-table.ts';
import { askedFacts } from './facts.ts';
import { isNotSaid, notSaidDifferences } from './not-said.ts';
import { isNoted, type Side } from './side.ts';

/** What the configurations of two sides were chosen to differ in. */
export interface AskedDifferences {
  readonly differences: readonly Difference[];
  /** Of those that facts can follow from. */
  readonly paths: readonly string[];
}

/** Workloads that only one side has: they are not compared. */
function loneWorkloads(baseline: Side, candidate: Side): Difference[] {
  const names = (side: Side) => new Set(side.configuration.workloads.map((spec) => spec.name));
  const [ours, theirs] = [names(baseline), names(candidate)];
  return [...ours.symmetricDifference(theirs)].map((name) => ({
    kind: 'note',
    path: `workloads.${name}`,
    meaning: 'not compared: only one side has it',
    baseline: ours.has(name) ? 'measured' : 'none',
    candidate: theirs.has(name) ? 'measured' : 'none',
  }));
}

/** Whether a path leads on from one of these. */
function isBelow(path: string, above: ReadonlySet<string>): boolean {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    if (above.has(path.slice(0, dot))) return true;
  }
  return false;
}

function meaningOf(path: string): string | null {
  return askedMeaningTable.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

/** Fields of the two configurations that differ, be they of one run or of two: both were chosen. */
export function askedDifferences(baseline: Side, candidate: Side): AskedDifferences {
  const ours = askedFacts(baseline.configuration, baseline.run.experiment, isNoted(baseline));
  const theirs = askedFacts(candidate.configuration, candidate.run.experiment, isNoted(candidate));
  const lone = loneWorkloads(baseline, candidate);
  const alone = new Set(lone.map((one) => one.path));
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (path) => ours.get(path) !== theirs.get(path) && !isBelow(path, alone),
  );
  const unknown = differing.filter((path) => isNotSaid(path, [baseline, ours], [candidate, theirs]));
  const notSaid = new Set(unknown);
  const paths = differing.filter((path) => !notSaid.has(path));
  const differences = paths.map((path): Difference => {
    const values = { baseline: ours.get(path) ?? 'none', candidate: theirs.get(path) ?? 'none' };
    return { kind: 'asked', path, ...values, meaning: meaningOf(path) };
  });
  return { differences: [...differences, ...lone, ...notSaidDifferences(unknown, ours, theirs)], paths };
}
