import type { Difference } from '../record/comparison.ts';
import { isPathFact } from '../record/path-fact.ts';
import { type AskedDifferences, askedDifferences } from './asked-differences.ts';
import { consequenceTable, type DifferenceRule, differenceTable } from './difference-table.ts';
import { hostFactsOf } from './facts.ts';
import { notSaidOfBoots } from './not-said.ts';
import {
  factPaths,
  type KnownBoots,
  knownBoots,
  type Observed,
  observedFact,
  observedText,
  observedWords,
} from './observed.ts';
import { programDifference } from './program-difference.ts';
import { isNoted, type Side } from './side.ts';

const order: Readonly<Record<Difference['kind'], number>> = { unfair: 0, asked: 1, consequence: 2, note: 3 };

/** The path itself before all else of its kind. */
function pathOrder({ path }: Difference): number {
  return isPathFact(path) ? 0 : 1;
}

function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`);
}

/** The asked field that a fact follows from; null where it follows from none. */
function causeOf(path: string, asked: AskedDifferences): string | null {
  for (const [field, facts] of Object.entries(consequenceTable)) {
    // Of what follows there may be thousands, and of what was asked, too: it is looked through for few.
    if (!facts.some((fact) => isUnder(path, fact))) continue;
    const cause = asked.paths.find((one) => isUnder(one, field));
    if (cause !== undefined) return cause;
  }
  // Arguments and files are made from the configuration as a whole.
  return path === 'vmm.argv' || path === 'vmm.files' ? (asked.paths[0] ?? null) : null;
}

function ruleOf(path: string): Pick<DifferenceRule, 'kind' | 'meaning'> {
  return differenceTable.find((rule) => isUnder(path, rule.path)) ?? { kind: 'unfair', meaning: null };
}

type Values = Pick<Difference, 'path' | 'baseline' | 'candidate'>;

/** A differing fact with its kind; none where it tells nothing. */
function classified(values: Values, asked: AskedDifferences): Difference[] {
  const cause = causeOf(values.path, asked);
  if (cause !== null) return [{ kind: 'consequence', ...values, meaning: `follows from ${cause}` }];
  const { kind, meaning } = ruleOf(values.path);
  return kind === 'ignored' ? [] : [{ kind, ...values, meaning }];
}

function isEqual(a: Observed, b: Observed): boolean {
  return a.size === b.size && [...a.keys()].every((value) => b.has(value));
}

function factDifference(path: string, sides: readonly [Observed, Observed], asked: AskedDifferences): Difference[] {
  const [baseline, candidate] = sides;
  const values = { path, baseline: observedText(baseline), candidate: observedText(candidate) };
  if (!isEqual(baseline, candidate)) return classified(values, asked);
  if (baseline.size === 1 || ruleOf(path).kind === 'ignored') return [];
  return [{ kind: 'note', ...values, meaning: 'varies over the boots of both sides' }];
}

/** What the boots of the two sides know of themselves. */
interface KnownSides {
  readonly ours: KnownBoots;
  readonly theirs: KnownBoots;
}

/** Facts of the boots that differ between the sides, or vary within one. */
function bootDifferences({ ours, theirs }: KnownSides, asked: AskedDifferences): Difference[] {
  return [...factPaths(ours, theirs)].flatMap((path) => {
    const [baseline, candidate] = [observedFact(ours, path), observedFact(theirs, path)];
    return baseline === null || candidate === null ? [] : factDifference(path, [baseline, candidate], asked);
  });
}

/** Words that one side always has and the other never. */
function wordDifferences(sides: KnownSides, asked: AskedDifferences): Difference[] {
  return ['vmm.argv', 'vmm.files', 'guest.kernelCommandLine'].flatMap((path) => {
    const [ours, theirs] = [observedWords(sides.ours, path), observedWords(sides.theirs, path)];
    if (ours === null || theirs === null) return [];
    const mine = [...ours.always].filter((word) => !theirs.ever.has(word));
    const other = [...theirs.always].filter((word) => !ours.ever.has(word));
    if (mine.length + other.length === 0) return [];
    const textOf = (words: readonly string[]) => (words.length === 0 ? 'nothing more' : words.join(' '));
    return classified({ path, baseline: textOf(mine), candidate: textOf(other) }, asked);
  });
}

/** When a side was measured; of a lab note its file, as nothing says when. */
function timeText({ run }: Side): string {
  return run.source.kind === 'lab-note' ? `lab note ${run.source.file}` : run.startedAt;
}

/** Two runs were not measured by turns. */
function timeDifference(baseline: Side, candidate: Side): Difference {
  const by = isNoted(baseline) || isNoted(candidate) ? ', nor by the same instrument' : '';
  return {
    kind: 'note',
    path: 'run.startedAt',
    baseline: timeText(baseline),
    candidate: timeText(candidate),
    meaning: `not measured by turns${by}: what the host did in between is in the difference`,
  };
}

/** The same boots on both sides: none can differ from itself, and any gate on a change may pass. */
function sameBootsDifference(baseline: Side, candidate: Side): Difference[] {
  if (baseline.configuration.name !== candidate.configuration.name) return [];
  return [
    {
      kind: 'unfair',
      path: 'run.boots',
      baseline: baseline.run.runId,
      candidate: 'the same',
      meaning: 'both sides are the same boots of one run: this compares nothing',
    },
  ];
}

function hostDifferences(baseline: Side, candidate: Side, asked: AskedDifferences): Difference[] {
  const [ours, theirs] = [hostFactsOf(baseline), hostFactsOf(candidate)];
  if (ours.size === 0 || theirs.size === 0) return [];
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((path) => {
    const values = { path, baseline: ours.get(path) ?? 'none', candidate: theirs.get(path) ?? 'none' };
    if (values.baseline === values.candidate) return [];
    return programDifference(values, [baseline, candidate]) ?? classified(values, asked);
  });
}

/**
 * What else differs between two sides beside their figures, unfair ones first, and of each kind those of the path first: what was asked for (the
 * configurations), what follows from it, and what nobody asked for. Facts that no boot of a side came to know are left out; what a lab note does not say is
 * named as unknown, and is never unfair.
 */
export function differencesOf(baseline: Side, candidate: Side): Difference[] {
  const asked = askedDifferences(baseline, candidate);
  const known = { ours: knownBoots(baseline), theirs: knownBoots(candidate) };
  const isOneRun = baseline.run.runId === candidate.run.runId;
  return [
    ...asked.differences,
    ...bootDifferences(known, asked),
    ...wordDifferences(known, asked),
    ...notSaidOfBoots(baseline, candidate),
    ...(isOneRun
      ? sameBootsDifference(baseline, candidate)
      : [...hostDifferences(baseline, candidate, asked), timeDifference(baseline, candidate)]),
  ].sort((a, b) => order[a.kind] - order[b.kind] || pathOrder(a) - pathOrder(b));
}
