import { stringify } from 'yaml';
import { isCeiling, withoutCeilings } from '../../record/ceiling.ts';
import type { TraceSpec } from '../../record/experiment.ts';
import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import { isGuestAndHost } from '../../record/topology.ts';
import type { WholeTrial } from '../../record/trial.ts';
import { otherEndsOf } from '../record/not-said.ts';
import { repeatableMachine, type Settings } from './repeatable-machine.ts';
import { repeatableWindows, type WindowEntry } from './repeatable-windows.ts';

/** Which workload of the experiment does again what the note has a figure of. */
export interface NotePair {
  /** Of the note. */
  readonly configuration: string;
  readonly noted: string;
  /** Of the experiment. */
  readonly again: { readonly configuration: string; readonly workload: string };
  /** It is the ceiling of that configuration which does it again. */
  readonly isCeiling: boolean;
}

/** An experiment made from a note's own commands. */
export interface NoteExperiment {
  /** YAML; null where nothing of the note can be done here. */
  readonly yaml: string | null;
  readonly pairs: readonly NotePair[];
  /** What the note does not say and was chosen. */
  readonly assumed: readonly string[];
  /** What of the note can't be done again, and why. */
  readonly impossible: readonly string[];
}

export interface NoteExperimentOptions {
  /** Name of the note's file. */
  readonly file: string;
  /** VMMs that this machine has; the first is taken where the note names none of them. */
  readonly vmms: readonly string[];
}

/** A configuration as an entry of the matrix: paths of fields to values. */
interface Entry {
  readonly topology: string;
  readonly settings: Settings;
  readonly workloads: readonly WindowEntry[];
}

class Draft {
  readonly entries: Entry[] = [];
  /** With the place of the entry, whose name is known at the end. */
  readonly pairs: { configuration: string; noted: string; entry: number; workload: string; isCeiling: boolean }[] = [];
  readonly assumed: string[] = [];
  readonly impossible: string[] = [];
}

/** What an experiment calls its only configuration is fixed. */
function entryName(index: number, count: number): string {
  return count === 1 ? 'default' : `again-${String(index + 1)}`;
}

/** What of the workloads is done again. */
function addWorkloads(
  draft: Draft,
  configuration: RecordedConfiguration,
  trials: readonly WholeTrial[],
): readonly WindowEntry[] {
  const { entries, pairs, assumed, impossible } = repeatableWindows(configuration, trials);
  draft.assumed.push(...assumed);
  draft.impossible.push(...impossible);
  for (const pair of pairs) {
    draft.pairs.push({ configuration: configuration.name, entry: draft.entries.length, isCeiling: false, ...pair });
  }
  return entries;
}

/** The ceiling of a configuration that is done again comes with it, where it does the same. */
function addCeiling(draft: Draft, configuration: RecordedConfiguration, trials: readonly WholeTrial[]): void {
  const { name, ceilingOf = [] } = configuration;
  const owner = draft.pairs.find((pair) => ceilingOf.includes(pair.configuration));
  const { entries, pairs } = repeatableWindows(configuration, trials);
  const done = owner === undefined ? undefined : draft.entries[owner.entry];
  if (owner === undefined || JSON.stringify(done?.workloads) !== JSON.stringify(entries)) {
    draft.impossible.push(`${name}: nothing that it is the ceiling of is done again as it was`);
    return;
  }
  for (const pair of pairs) draft.pairs.push({ configuration: name, entry: owner.entry, isCeiling: true, ...pair });
}

function vmmFor(draft: Draft, { name, vmm }: RecordedConfiguration, vmms: readonly string[]): string {
  if (vmm.kind !== null && vmms.includes(vmm.kind)) return vmm.kind;
  const chosen = vmms[0] ?? 'qemu';
  const why = vmm.kind === null ? 'the note does not say which VMM' : `there is no ${vmm.kind} on this machine`;
  draft.assumed.push(`${name}: ${chosen}, as ${why}`);
  return chosen;
}

/** Whether system calls were counted, and in which window; where a note does not say which, in that of the figures. */
function traceMode(trials: readonly WholeTrial[], name: string): TraceSpec['mode'] {
  const own = trials.filter((trial) => trial.configuration.name === name);
  const counted = own.flatMap(({ measurements }) => measurements.flatMap(({ systemCalls }) => systemCalls ?? []));
  if (counted.length === 0) return 'off';
  return counted.every(({ mode }) => mode === 'separate') ? 'separate' : 'inline';
}

/** The topology that is done again; null where tapbench makes no such one. */
function topologyFor(
  draft: Draft,
  { name, topology, guest }: RecordedConfiguration,
  trials: readonly WholeTrial[],
): string | null {
  const own = trials.filter(({ configuration }) => configuration.name === name);
  const otherEnds = own.map(({ notSaid }) => otherEndsOf(notSaid)).find((why) => why !== null) ?? null;
  if (topology === null && otherEnds !== null) {
    draft.impossible.push(`${name}: ${otherEnds}`);
    return null;
  }
  if (topology === null) {
    draft.assumed.push(`${name}: vm-to-host, as the note does not say which end is the client`);
    return 'vm-to-host';
  }
  // Only a report of tapbench knows the guest: its ends were on one host.
  if (isGuestAndHost(topology) || guest !== null) return topology;
  draft.impossible.push(`${name}: ${topology}, and the note does not say that both ends are on one host`);
  return null;
}

type Tree = Map<string, string | number | boolean | Tree>;

/** Dotted paths as a file has them: a mapping in a mapping. */
function nested(settings: Settings): Tree {
  const root: Tree = new Map();
  for (const [path, value] of Object.entries(settings)) {
    const names = path.split('.');
    const last = names.pop() ?? path;
    let at = root;
    for (const name of names) {
      const next = at.get(name);
      const empty: Tree = new Map();
      const inner = typeof next === 'object' ? next : empty;
      at.set(name, inner);
      at = inner;
    }
    at.set(last, value);
  }
  return root;
}

function yamlOf({ entries, pairs, assumed, impossible }: Draft, file: string): string | null {
  const [first] = entries;
  if (first === undefined) return null;
  const comments = [
    `Made from the commands of the lab note ${file}.`,
    ...assumed.map((what) => `Assumed: ${what}.`),
    ...impossible.map((what) => `Left out: ${what}.`),
  ].map((text) => `# ${text.replaceAll(/\p{Cc}/gu, ' ')}`);
  const { topology, settings, workloads } = first;
  const ceiling = pairs.some(({ isCeiling }) => isCeiling) ? { ceiling: true } : {};
  const base = { name: 'reproduce', topology, ...ceiling, ...Object.fromEntries(nested(settings)), workloads };
  const include = entries.map((entry, index) => ({
    name: entryName(index, entries.length),
    topology: entry.topology,
    ...entry.settings,
    workloads: entry.workloads,
  }));
  const whole = entries.length === 1 ? base : { ...base, matrix: { include } };
  return `${comments.join('\n')}\n${stringify(whole, { lineWidth: 0 })}`;
}

/** Makes an experiment from what a note says was run: tool, duration, streams, message size, direction, and tracing in the measured window where the note has counts. */
export function noteExperiment(
  configurations: readonly RecordedConfiguration[],
  trials: readonly WholeTrial[],
  { file, vmms }: NoteExperimentOptions,
): NoteExperiment {
  const draft = new Draft();
  for (const configuration of withoutCeilings(configurations)) {
    const topology = topologyFor(draft, configuration, trials);
    const workloads = topology === null ? [] : addWorkloads(draft, configuration, trials);
    if (topology === null || workloads.length === 0) continue;
    const kind = vmmFor(draft, configuration, vmms);
    const machine = repeatableMachine(configuration, kind, vmms);
    draft.assumed.push(...machine.assumed.map((what) => `${configuration.name}: ${what}`));
    const settings = {
      ...(configuration.pairs === 1 ? {} : { pairs: configuration.pairs }),
      'vmm.kind': kind,
      ...machine.settings,
      'trace.mode': traceMode(trials, configuration.name),
    };
    draft.entries.push({ topology, settings, workloads });
  }
  for (const configuration of configurations.filter(isCeiling)) addCeiling(draft, configuration, trials);
  const { entries, assumed, impossible } = draft;
  const pairs = draft.pairs.map(({ configuration, noted, entry, workload, ...pair }) => ({
    configuration,
    noted,
    again: { configuration: entryName(entry, entries.length), workload },
    isCeiling: pair.isCeiling,
  }));
  return { yaml: yamlOf(draft, file), pairs, assumed, impossible };
}
