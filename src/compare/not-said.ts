import type { Difference } from '../record/comparison.ts';
import { empty, type Facts, nothing } from './facts.ts';
import { isNoted, type Side, trialsOf } from './side.ts';

/** Stands for a fact that a lab note does not say: nobody knows whether it differs. */
export const notSaid = 'the note does not say';

/** Two sides of one difference, as text. */
type Values = Pick<Difference, 'path' | 'baseline' | 'candidate'>;

function unknown(values: Values): Difference {
  return { kind: 'note', ...values, meaning: null };
}

function rootOf(path: string): string {
  return path.split('.')[0] ?? path;
}

/** Whether a difference is between what one side knows and what a note does not say. */
export function isNotSaid(path: string, ...sides: readonly (readonly [Side, Facts])[]): boolean {
  return sides.some(([side, facts]) => isNoted(side) && !facts.has(path));
}

/**
 * Facts that one side knows and a note does not say: each by itself, or in one line where the note says nothing of its kind. What is `none` on the side
 * that knows it was not chosen there, and is not worth a line.
 */
export function notSaidDifferences(paths: readonly string[], ours: Facts, theirs: Facts): Difference[] {
  const [ourRoots, theirRoots] = [ours, theirs].map((facts) => new Set([...facts.keys()].map(rootOf)));
  const isKnown = (root: string) => ourRoots?.has(root) === true && theirRoots?.has(root) === true;
  const valueOf = (facts: Facts, path: string) => facts.get(path) ?? notSaid;
  const chosen = paths.filter(
    (path) => ![ours.get(path), theirs.get(path)].some((text) => text === nothing || text === empty),
  );
  const lone = chosen.filter((path) => isKnown(rootOf(path)));
  const roots = [...new Set(chosen.filter((path) => !isKnown(rootOf(path))).map(rootOf))];
  return [
    ...roots.map((root) => {
      const [first = root, ...others] = chosen.filter((path) => rootOf(path) === root);
      if (others.length === 0)
        return unknown({ path: first, baseline: valueOf(ours, first), candidate: valueOf(theirs, first) });
      const isOurs = ours.has(first);
      return unknown({ path: root, baseline: isOurs ? 'known' : notSaid, candidate: isOurs ? notSaid : 'known' });
    }),
    ...lone.map((path) => unknown({ path, baseline: valueOf(ours, path), candidate: valueOf(theirs, path) })),
  ];
}

/** What the boots of a side came to know: in a few words, by root of the facts. */
function bootKnowledge(side: Side): ReadonlyMap<string, string> {
  const trials = trialsOf(side);
  const vmm = trials.find((trial) => trial.vmm !== null)?.vmm;
  const guest = trials.find((trial) => trial.guest !== null)?.guest;
  const path = trials.find((trial) => trial.path !== null)?.path;
  const { host } = side.run;
  const known: readonly (readonly [string, string | undefined])[] = [
    ['vmm', vmm ? `${vmm.kind} ${vmm.version}` : undefined],
    ['guest', guest?.kernelRelease],
    ['path', path ? `MTU ${String(path.mtu)}` : undefined],
    ['host', host === null ? undefined : `${host.cpu.model}, Linux ${host.kernel.release}`],
  ];
  return new Map(known.flatMap(([root, text]) => (text === undefined ? [] : [[root, text] as const])));
}

/** What is known of the boots and the host of one side, and of the other is not said in its note. */
export function notSaidOfBoots(baseline: Side, candidate: Side): Difference[] {
  const [ours, theirs] = [bootKnowledge(baseline), bootKnowledge(candidate)];
  // Of two notes the path is worth saying all the same: without it nothing says that both had the same one.
  return [...new Set(['path', ...ours.keys(), ...theirs.keys()])].flatMap((root) => {
    const values = { path: root, baseline: ours.get(root) ?? notSaid, candidate: theirs.get(root) ?? notSaid };
    const isMissing = (!ours.has(root) && isNoted(baseline)) || (!theirs.has(root) && isNoted(candidate));
    return isMissing ? [unknown(values)] : [];
  });
}
