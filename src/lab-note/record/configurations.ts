import type { TopologyName } from '../../record/experiment.ts';
import type { NoteCommand } from '../command/command.ts';
import type { HeadingFacts } from './heading-facts.ts';
import type { NoteOutput } from './note-output.ts';
import type { OutputCommands } from './output-commands.ts';
import type { ThreadFacts } from './thread-facts.ts';
import type { VmmSaid } from './vmm-command.ts';

/** One output with all that tells which configuration it is of. */
export interface ToldOutput {
  readonly output: NoteOutput;
  readonly commands: OutputCommands;
  /** Commands near the counts of its system calls. */
  readonly tracers: readonly NoteCommand[];
  readonly facts: HeadingFacts;
  readonly topology: TopologyName | null;
  readonly threads: ThreadFacts;
  /** What the VMM's command line says; null where the note has none that fits. */
  readonly said: VmmSaid | null;
  /** The heading that speaks of other ends than a guest and its host; null where none does. */
  readonly otherHeading: string | null;
}

/** Outputs that were made with one choice of everything that the note tells apart. */
export interface NoteConfiguration {
  readonly name: string;
  readonly topology: TopologyName | null;
  readonly vmm: string | null;
  /** Of its VMM; null where the note has no command line of it. */
  readonly said: VmmSaid | null;
  readonly outputs: readonly ToldOutput[];
}

interface Group {
  readonly topology: TopologyName | null;
  readonly label: string;
  readonly configuration: string | null;
  readonly vmm: string | null;
  readonly said: VmmSaid | null;
  readonly outputs: ToldOutput[];
}

const separator = '\u0000';
const longestName = 100;

/** Without a guest there is no VMM, whatever the title of the note names. */
function vmmOf({ facts, threads, topology, said }: ToldOutput): string | null {
  if (topology === 'host-to-host') return null;
  return facts.vmm ?? threads.vmm ?? said?.kind ?? null;
}

/** What the command line says, where it is of the VMM that headings and threads name. */
function saidOf(told: ToldOutput): VmmSaid | null {
  return told.said !== null && told.said.kind === vmmOf(told) ? told.said : null;
}

function labelOf({ facts }: ToldOutput): string {
  return facts.labels.filter((label) => label !== '').join(' / ');
}

function grouped<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [value]);
    else known.push(value);
  }
  return [...groups.values()];
}

/** Labels that never stand over two outputs of one kind only name the workload: `Streaming`, `Response times`. */
function areWorkloads(outputs: readonly ToldOutput[]): boolean {
  const labels = new Map<string, Set<string>>();
  for (const each of outputs) {
    const kind = each.output.reading.kind;
    labels.set(kind, (labels.get(kind) ?? new Set()).add(labelOf(each)));
  }
  return labels.size > 1 && [...labels.values()].every(({ size }) => size === 1);
}

/** An output that says no VMM is of the one that its like say. */
function withVmms(outputs: readonly ToldOutput[], label: string, configuration: string | null): Group[] {
  const known = [...new Set(outputs.map(vmmOf).filter((each) => each !== null))];
  const only = known.length === 1 ? (known[0] ?? null) : null;
  const keyOf = (each: ToldOutput): string => JSON.stringify([vmmOf(each) ?? only ?? '', saidOf(each)]);
  return grouped(outputs, keyOf).map((own) => ({
    topology: own[0]?.topology ?? null,
    label,
    configuration,
    vmm: own.map(vmmOf).find((each) => each !== null) ?? only,
    said: own.map(saidOf).find((each) => each !== null) ?? null,
    outputs: own,
  }));
}

function groupsOf(outputs: readonly ToldOutput[]): Group[] {
  const named = outputs.filter(({ facts }) => facts.configuration !== null);
  const free = outputs.filter(({ facts }) => facts.configuration === null);
  const byName = grouped(named, ({ facts, topology }) => [facts.configuration, topology].join(separator));
  const groups = byName.flatMap((own) => withVmms(own, '', own[0]?.facts.configuration ?? null));
  for (const own of grouped(free, ({ topology }) => String(topology))) {
    if (areWorkloads(own)) groups.push(...withVmms(own, '', null));
    else for (const alike of grouped(own, labelOf)) groups.push(...withVmms(alike, alike.map(labelOf)[0] ?? '', null));
  }
  return groups.sort((a, b) => (a.outputs[0]?.output.line ?? 0) - (b.outputs[0]?.output.line ?? 0));
}

/** Parts of a label that all groups have say nothing. */
function ownParts({ label }: Group, groups: readonly Group[]): string[] {
  if (label === '') return [];
  return label.split(' / ').filter((part) => !groups.every((each) => each.label.split(' / ').includes(part)));
}

/** What the command lines of one VMM say differently: `vhost off`, `4 vCPUs`. */
function ownWords({ vmm, said }: Group, groups: readonly Group[]): string[] {
  if (said === null) return [];
  const others = groups.filter((each) => each.vmm === vmm && each.said !== null).map((each) => each.said);
  const words: Readonly<Record<keyof VmmSaid, string>> = {
    kind: '',
    accel: String(said.accel),
    machine: String(said.machine),
    vcpus: `${String(said.vcpus)} vCPUs`,
    memoryBytes: `${String((said.memoryBytes ?? 0) / 1024 ** 2)} MiB`,
    vhost: said.vhost === true ? 'vhost' : 'vhost off',
    queues: `${String(said.queues)} queues`,
    mtu: `MTU ${String(said.mtu)}`,
  };
  const keys = Object.keys(words) as (keyof VmmSaid)[];
  return keys.flatMap((key) =>
    said[key] !== null && others.some((each) => each?.[key] !== said[key]) ? [words[key]] : [],
  );
}

function nameOf(group: Group, groups: readonly Group[]): string {
  if (group.configuration !== null) return group.configuration;
  const parts = groups.length > 1 ? ownParts(group, groups) : [];
  const { vmm, topology } = group;
  if (groups.length > 1) parts.push(...ownWords(group, groups));
  if (vmm !== null && !parts.join(' ').toLowerCase().includes(vmm)) parts.unshift(vmm);
  const topologies = new Set(groups.map((each) => each.topology));
  if (topology !== null && (topologies.size > 1 || parts.length === 0)) parts.push(topology);
  return parts.length === 0 ? 'lab note' : parts.join(', ').slice(0, longestName);
}

/** Gives names out once: a second one of the same gets a number. */
export class UniqueNames {
  readonly #taken = new Map<string, number>();

  of(name: string): string {
    let number = this.#taken.get(name) ?? 0;
    let unique = name;
    do {
      number += 1;
      unique = number === 1 ? name : `${name} (${String(number)})`;
    } while (number > 1 && this.#taken.has(unique));
    this.#taken.set(name, number);
    if (unique !== name) this.#taken.set(unique, 1);
    return unique;
  }
}

/** The configurations of a note, in the order in which they first come. */
export function noteConfigurations(outputs: readonly ToldOutput[]): NoteConfiguration[] {
  const groups = groupsOf(outputs);
  const names = new UniqueNames();
  return groups.map((group) => ({
    name: names.of(nameOf(group, groups)),
    topology: group.topology,
    vmm: group.vmm,
    said: group.said,
    outputs: group.outputs,
  }));
}
