import { bootFacts, bootWords, clockPath, type Facts, featurePrefix, nothing, perhapsUnread } from './facts.ts';
import { isNoted, type Side, trialsOf } from './side.ts';

/** What the boots of a side show of one fact: value to number of boots. */
export type Observed = ReadonlyMap<string, number>;

function rootsOf(facts: Facts): ReadonlySet<string> {
  return new Set([...facts.keys()].map((path) => path.slice(0, path.indexOf('.'))));
}

/** The value of a fact that a boot does not have though it knows others of its kind; null where it knows none, or a lab note leaves it open. */
function absentValue(path: string, { roots: known, isNoted }: KnownBoot): string | null {
  const root = path.slice(0, path.indexOf('.'));
  if (path.startsWith(`${featurePrefix}.`)) return known.has('guest') ? 'off' : null;
  if (isNoted) return null;
  // A workload that failed says nothing of how it would have been traced, nor a guest that was read too early of its clock.
  if (root === 'tracing' || path === clockPath || perhapsUnread.includes(path)) return null;
  return root === 'preparation' || known.has(root) ? nothing : null;
}

/** What one boot knows of itself. */
interface KnownBoot {
  readonly facts: Facts;
  readonly roots: ReadonlySet<string>;
  readonly words: ReadonlyMap<string, readonly string[]>;
  readonly isNoted: boolean;
}

/** The boots of a side, each read once. */
export type KnownBoots = readonly KnownBoot[];

export function knownBoots(side: Side): KnownBoots {
  return trialsOf(side).map((trial) => {
    const facts = bootFacts(trial);
    return { facts, roots: rootsOf(facts), words: bootWords(trial), isNoted: isNoted(side) };
  });
}

/** Every fact that any boot knows. */
export function factPaths(...sides: readonly KnownBoots[]): ReadonlySet<string> {
  return new Set(sides.flatMap((boots) => boots.flatMap(({ facts }) => [...facts.keys()])));
}

/** A fact over the boots of a side; null where no boot knows it. */
export function observedFact(boots: KnownBoots, path: string): Observed | null {
  const counts = new Map<string, number>();
  for (const boot of boots) {
    const value = boot.facts.get(path) ?? absentValue(path, boot);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts.size === 0 ? null : counts;
}

/** Words of one list that are in every boot, and those that are in any. */
export interface ObservedWords {
  readonly always: ReadonlySet<string>;
  readonly ever: ReadonlySet<string>;
}

/** null where no boot has the list. */
export function observedWords(boots: KnownBoots, list: string): ObservedWords | null {
  const lists = boots.flatMap(({ words }) => {
    const found = words.get(list);
    return found === undefined ? [] : [new Set(found)];
  });
  const [first, ...others] = lists;
  if (first === undefined) return null;
  const always = [...first].filter((word) => others.every((other) => other.has(word)));
  return { always: new Set(always), ever: new Set(lists.flatMap((one) => [...one])) };
}

/** `7.2.15`, or `varies: x in 3 boots, y in 2`. */
export function observedText(observed: Observed): string {
  const values = [...observed].sort(([, a], [, b]) => b - a);
  const [first, ...others] = values;
  if (first === undefined) return 'unknown';
  const [value, count] = first;
  if (others.length === 0) return value;
  const plural = count === 1 ? 'boot' : 'boots';
  const rest = others.map(([other, times]) => `${other} in ${String(times)}`);
  return `varies: ${[`${value} in ${String(count)} ${plural}`, ...rest].join(', ')}`;
}
