import { isCeiling, withoutCeilings } from '../record/ceiling.ts';
import { TapbenchError } from '../record/error.ts';
import type { Run } from '../record/run.ts';
import type { SidePair } from './compare-sides.ts';
import { describedSide, type Side, sideOf } from './side.ts';

/** What a user named as one side: a run, and perhaps one of its configurations. */
export interface NamedSide {
  /** As the user wrote it. */
  readonly text: string;
  readonly run: Run;
  /** null: not said. */
  readonly configuration: string | null;
}

function configurationNames({ run }: NamedSide): string[] {
  return withoutCeilings(run.experiment.configurations).map(({ name }) => name);
}

function ceilingNames({ run }: NamedSide): string[] {
  return run.experiment.configurations.filter(isCeiling).map(({ name }) => name);
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
function withinOne(named: NamedSide): SidePair[] {
  const { run, text } = named;
  const names = configurationNames(named);
  if (names.length > 1) return againstFirst(names.map((name) => sideOf(run, name, name)));
  throw new TapbenchError('NOT_COMPARABLE', `${text} has one configuration: there is nothing to compare it with`, {
    hint: 'Name another run beside it, or measure two configurations in one run with: tapbench ab',
  });
}

/** Several runs: each of these configurations against itself in the first run. */
function byName(names: readonly string[], sides: readonly NamedSide[]): SidePair[] {
  return names.flatMap((name) => againstFirst(sides.map(({ run, text }) => sideOf(run, name, `${text}:${name}`))));
}

/** The ceilings that all runs have by name: how the hosts themselves differ. */
function ceilingPairs(sides: readonly NamedSide[]): SidePair[] {
  const [first, ...others] = sides;
  const names = first === undefined ? [] : ceilingNames(first);
  const shared = names.filter((name) => others.every((side) => ceilingNames(side).includes(name)));
  const hasFigures = (side: Side): boolean => describedSide(side).boots.usable > 0;
  return byName(shared, sides).filter(({ baseline, candidate }) => hasFigures(baseline) && hasFigures(candidate));
}

/** What the host's own stack gives is held against that of another run, never against a VM. */
function refuseMixed(sides: readonly Side[]): void {
  const ceiling = sides.find(({ configuration }) => isCeiling(configuration));
  if (ceiling === undefined || sides.every(({ configuration }) => isCeiling(configuration))) return;
  const { label, configuration } = ceiling;
  const owners = configuration.ceilingOf?.join(', ') ?? '';
  throw new TapbenchError('NOT_COMPARABLE', `${label} is the ceiling of ${owners}: it has no VM`, {
    hint: 'Its share of the figures stands in the report: tapbench show. Compare it with the ceiling of another run.',
  });
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
 * are compared configuration by configuration, and then ceiling by ceiling.
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
  const names = configurationNames(first);
  if (isWhole && names.length > 1 && haveSameNames(named)) return [...byName(names, named), ...ceilingPairs(named)];
  const only = named.map(onlySide);
  refuseMixed(only);
  return [...againstFirst(only), ...(isWhole ? ceilingPairs(named) : [])];
}
