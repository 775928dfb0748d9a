import { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import type { SidePair } from './compare-sides.ts';
import { type Side, sideOf } from './side.ts';

/** What a user named as one side: a run, and perhaps one of its configurations. */
export interface NamedSide {
  /** As the user wrote it. */
  readonly text: string;
  readonly run: Run;
  /** null: not said. */
  readonly configuration: string | null;
}

function configurationNames({ run }: NamedSide): string[] {
  return run.experiment.configurations.map(({ name }) => name);
}

function haveSameNames(sides: readonly NamedSide[]): boolean {
  const [first, ...others] = sides.map((side) => configurationNames(side).sort().join('\n'));
  return others.every((names) => names === first);
}

/** Labels must be told apart, even where a user names one side twice. */
function withUniqueLabels(sides: readonly Side[]): Side[] {
  return sides.map((side, index) => {
    const before = sides.slice(0, index).filter((other) => other.label === side.label).length;
    return before === 0 ? side : { ...side, label: `${side.label} (${String(before + 1)})` };
  });
}

function againstFirst(sides: readonly Side[]): SidePair[] {
  const [baseline, ...candidates] = withUniqueLabels(sides);
  return baseline === undefined ? [] : candidates.map((candidate) => ({ baseline, candidate }));
}

/** The configurations of one run, the first of them against each other one. */
function withinOne({ run, text }: NamedSide): SidePair[] {
  const { configurations } = run.experiment;
  if (configurations.length > 1) return againstFirst(configurations.map(({ name }) => sideOf(run, name, name)));
  throw new TapbenchError('NOT_COMPARABLE', `${text} has one configuration: there is nothing to compare it with`, {
    hint: 'Name another run beside it, or measure two configurations in one run with: tapbench ab',
  });
}

/** Several runs with the same configurations: each configuration against itself in the first run. */
function byName(sides: readonly NamedSide[]): SidePair[] {
  const [first] = sides;
  if (first === undefined) return [];
  return configurationNames(first).flatMap((name) =>
    againstFirst(sides.map(({ run, text }) => sideOf(run, name, `${text}:${name}`))),
  );
}

/** A configuration where it is said, or where there is only one. */
function onlySide(named: NamedSide): Side {
  const [name = '', ...others] = configurationNames(named);
  const { text, run, configuration } = named;
  if (configuration !== null) return sideOf(run, configuration, text);
  if (others.length === 0) return sideOf(run, name, text);
  throw new TapbenchError('NOT_COMPARABLE', `${text} has several configurations: ${[name, ...others].join(', ')}`, {
    hint: `Say which one, as ${text}:${name}`,
  });
}

/**
 * Who is compared with whom: the first is the baseline of all. One run alone is compared within itself; runs with the same several configurations
 * are compared configuration by configuration.
 * @throws TapbenchError `NOT_COMPARABLE` where it is not clear which configuration is meant, or there is only one side
 */
export function pairsOf(named: readonly NamedSide[]): SidePair[] {
  const [first, ...others] = named;
  if (first === undefined) throw new TapbenchError('USAGE', 'nothing was named to compare');
  if (others.length === 0 && first.configuration === null) return withinOne(first);
  if (others.length === 0) {
    const message = `${first.text} is one side: name another`;
    throw new TapbenchError('NOT_COMPARABLE', message, { hint: `It has ${configurationNames(first).join(', ')}.` });
  }
  const isWhole = named.every(({ configuration }) => configuration === null);
  if (isWhole && configurationNames(first).length > 1 && haveSameNames(named)) return byName(named);
  return againstFirst(named.map(onlySide));
}
