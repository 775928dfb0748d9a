import type { RecordedConfiguration, RecordedWorkload } from '../../record/recorded-experiment.ts';
import type { WholeTrial } from '../../record/trial.ts';
import { repeatableWorkload } from '../../workload/questions.ts';

/** Keys of a workload in an experiment's file. */
export type Fields = Readonly<Record<string, string | number>>;
/** An entry of `workloads`: of one, or of several that share a window. */
export type WindowEntry = Fields | { readonly together: readonly Fields[] };

/** The workloads of a configuration as an experiment does them again. */
export interface RepeatableWindows {
  readonly entries: readonly WindowEntry[];
  /** Names of the note's workloads and of those that do them again. */
  readonly pairs: readonly { readonly noted: string; readonly workload: string }[];
  readonly assumed: readonly string[];
  readonly impossible: readonly string[];
}

/** The workloads by windows, in their order: those that a report says shared one are in it together. */
function windowsIn(configuration: RecordedConfiguration, trials: readonly WholeTrial[]): RecordedWorkload[][] {
  const own = trials.filter((trial) => trial.configuration.name === configuration.name);
  const shared = new Map(
    own.flatMap(({ measurements }) =>
      measurements.map(
        ({ workload, underLoad = [] }) => [workload, [workload, ...underLoad].sort().join(' ')] as const,
      ),
    ),
  );
  return [...Map.groupBy(configuration.workloads, ({ name }) => shared.get(name) ?? name).values()];
}

/** A name that no other workload of the configuration has: letters, digits, - and _, with a letter first. */
function freeName(kind: string, taken: Set<string>): string {
  let name = kind;
  for (let number = 2; taken.has(name); number += 1) name = `${kind}-${String(number)}`;
  taken.add(name);
  return name;
}

/** Windows that are the same are done once: a note has them several times to see the spread, an experiment boots several times. */
export function repeatableWindows(
  configuration: RecordedConfiguration,
  trials: readonly WholeTrial[],
): RepeatableWindows {
  const taken = new Set<string>();
  const known = new Map<string, readonly string[]>();
  const entries: WindowEntry[] = [];
  const pairs: RepeatableWindows['pairs'][number][] = [];
  const assumed: string[] = [];
  const impossible: string[] = [];
  for (const specs of windowsIn(configuration, trials)) {
    const all = specs.map((spec) => ({
      spec,
      label: `${configuration.name}, ${spec.name}`,
      again: repeatableWorkload(spec),
    }));
    const refused = all.flatMap(({ label, again }) => ('impossible' in again ? [`${label}: ${again.impossible}`] : []));
    const doable = all.flatMap(({ spec, label, again }) => ('impossible' in again ? [] : [{ spec, label, ...again }]));
    impossible.push(...refused);
    if (refused.length > 0) {
      impossible.push(...doable.map(({ label }) => `${label}: what it shared its window with can't be done again`));
      continue;
    }
    const key = JSON.stringify(doable.map(({ fields }) => fields));
    let names = known.get(key);
    if (names === undefined) {
      names = doable.map(({ fields }) => freeName(String(fields['kind']), taken));
      known.set(key, names);
      const each = doable.map(({ fields }, index) => ({ name: names?.[index] ?? '', ...fields }));
      const [first] = each;
      if (first !== undefined) entries.push(each.length === 1 ? first : { together: each });
      assumed.push(...doable.flatMap((one) => one.assumed.map((what) => `${one.label}: ${what}`)));
    }
    for (const [index, { spec }] of doable.entries()) pairs.push({ noted: spec.name, workload: names[index] ?? '' });
  }
  return { entries, pairs, assumed, impossible };
}
