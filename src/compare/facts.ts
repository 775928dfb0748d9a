import type { HostFacts } from '../record/host.ts';
import type { RecordedConfiguration, RecordedExperiment } from '../record/recorded-experiment.ts';
import type { Trial } from '../record/trial.ts';
import type { Side } from './side.ts';

/** Dotted path to value, as text. */
export type Facts = ReadonlyMap<string, string>;

/** The value of a field that is null where everything is known. */
export const nothing = 'none';
/** The value of a text without characters. */
export const empty = '(empty)';

function textOf(value: unknown): string {
  if (value === null) return nothing;
  if (typeof value === 'string') return value === '' ? empty : value;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every leaf of a record but those under keys that are left out; a list is one leaf. */
function rawLeaves(value: unknown, path: string, leftOut: readonly string[] = []): [string, unknown][] {
  if (!isTree(value)) return [[path, value]];
  return Object.entries(value)
    .filter(([key]) => !leftOut.includes(key))
    .flatMap(([key, inner]) => rawLeaves(inner, path === '' ? key : `${path}.${key}`));
}

function leaves(value: unknown, path: string, leftOut: readonly string[] = []): [string, string][] {
  return rawLeaves(value, path, leftOut).map(([name, leaf]) => [name, textOf(leaf)]);
}

type EveryBoot = Pick<RecordedExperiment, 'settleNs' | 'warmupNs'>;

/**
 * What was chosen: the fields of the configuration, workloads by name, and what the experiment says of every boot.
 * @param isNoted of a lab note, where null is what it does not say: such fields are left out
 */
export function askedFacts(
  configuration: RecordedConfiguration,
  { settleNs, warmupNs }: EveryBoot,
  isNoted = false,
): Facts {
  const specs = configuration.workloads.map((spec) => [spec.name, spec] as const);
  const all = [
    ...rawLeaves(configuration, '', ['name', 'factors', 'workloads', 'ceilingOf']),
    ...specs.flatMap(([name, spec]) => rawLeaves(spec, `workloads.${name}`, ['name'])),
    ...rawLeaves({ settleNs, warmupNs }, ''),
  ];
  return new Map(all.flatMap(([path, leaf]) => (isNoted && leaf === null ? [] : [[path, textOf(leaf)] as const])));
}

/** `0,1 (shared)` for each pin of a role. */
function preparationFacts({ settings, pins }: Trial['preparation']): [string, string][] {
  const byPath = new Map<string, Set<string>>();
  const add = (path: string, value: string) => byPath.set(path, (byPath.get(path) ?? new Set()).add(value));
  for (const { field, wanted, status, reason } of settings) {
    // It was so, or it was made so: the trial ran under the same.
    const isSo = status === 'set' || status === 'already';
    add(`preparation.settings.${field}`, isSo ? wanted : `${wanted} ${status}${reason === null ? '' : ` (${reason})`}`);
  }
  for (const { role, cpus, status } of pins) {
    add(`preparation.pins.${role}`, `CPU ${cpus.join(',')}${status === 'pinned' ? '' : ` (${status})`}`);
  }
  return [...byPath].map(([path, values]) => [path, [...values].sort().join('; ')]);
}

/** What counted the system calls of each workload: figures of two sources are not the same figure. */
function tracingFacts({ measurements }: Trial): [string, string][] {
  return measurements.flatMap(({ workload, systemCalls, noted }): [string, string][] => {
    // That a lab note has no counts doesn't say that nothing was traced.
    if (systemCalls === null) return noted === null ? [[`tracing.${workload}.source`, 'not traced']] : [];
    const { source, mode, onlyCalls } = systemCalls;
    return [
      [`tracing.${workload}.source`, source],
      [`tracing.${workload}.calls`, onlyCalls === null ? 'all' : onlyCalls.join(', ')],
      ...(mode === null ? [] : [[`tracing.${workload}.window`, mode] satisfies [string, string]]),
    ];
  });
}

/** Facts that are null where they could not be read: then nobody knows whether they differ. */
export const perhapsUnread: readonly string[] = [
  ...['vmm.isStatic', 'vmm.isDebugBuild', 'vmm.buildReason', 'vmm.runsAs'],
  ...['guest.nic.queueSizes', 'guest.nic.queueSizes.rx', 'guest.nic.queueSizes.tx', 'path.queues', 'path.notification'],
  ...['guest.nic.transport', 'guest.nic.interrupts'],
];

/** Clocks that a kernel keeps time by until it has chosen one (kernel/time/clocksource.c, jiffies.c, arch/x86/kernel/tsc.c): a guest that is read so early has none yet. */
const earlyClocks: readonly (string | null)[] = ['tsc-early', 'refined-jiffies', 'jiffies'];
export const clockPath = 'guest.clocksource';

/** A feature that was not negotiated has no entry: `off` stands for it. */
export const featurePrefix = 'guest.nic.virtioFeatures';

type OneMachine = Pick<Trial, 'vmm' | 'guest' | 'path'>;

/** VMM, guest and host's end of the path. */
function machineFacts({ vmm, guest, path }: OneMachine): [string, string][] {
  const facts: [string, string][][] = [];
  if (vmm !== null) facts.push(leaves(vmm, 'vmm', ['argv', 'files']));
  if (guest !== null) {
    const { nic } = guest;
    const isEarly = earlyClocks.includes(guest.clocksource);
    facts.push(leaves(guest, 'guest', ['nic', 'kernelCommandLine', ...(isEarly ? ['clocksource'] : [])]));
    facts.push(leaves(nic, 'guest.nic', ['device', 'mac', 'virtioFeatureBits', 'virtioFeatures']));
    facts.push(nic.virtioFeatures.map((name): [string, string] => [`${featurePrefix}.${name}`, 'on']));
  }
  if (path !== null) facts.push(leaves(path, 'path', ['device']));
  return facts.flat().filter(([name, value]) => value !== nothing || !perhapsUnread.includes(name));
}

/** What of the further machines is otherwise than of the first: `vm2.vmm.kind`. */
function otherMachines({ machines = [] }: Trial): [string, string][] {
  const [first, ...others] = machines;
  if (first === undefined) return [];
  const known = new Map(machineFacts(first));
  return others.flatMap((machine) =>
    machineFacts(machine).flatMap(([path, value]): [string, string][] =>
      known.get(path) === value ? [] : [[`${machine.name}.${path}`, value]],
    ),
  );
}

/** Facts of one boot: its machines, preparation, tracing. What the trial did not come to know is not there. */
export function bootFacts(trial: Trial): Facts {
  return new Map([
    ...machineFacts(trial),
    ...otherMachines(trial),
    ...preparationFacts(trial.preparation),
    ...tracingFacts(trial),
  ]);
}

/** The guest's command line, without the words that tapbench puts the configuration into, and without the host's clock frequency, as it was calibrated this time. */
function commandLineWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '' && !/^(tapbench\.|tsc_early_khz=)/.test(word));
}

/** Flags of a VMM whose value is another in each boot (its name, its user), or is looked at by itself: the guest's command line, its kernel and initramfs by their checksums. */
const skippedFlags: readonly (string | undefined)[] = [
  ...['-name', '-append', '-kernel', '-initrd'],
  ...['--id', '--cmdline', '--kernel', '--initramfs', '--uid', '--gid'],
  // The root file system, known by its checksum.
  ...['-drive', '--disk'],
  // Where its log goes.
  ...['--log-path', '--log-file'],
];
/** How the lines of its log look, which is no part of what it does. */
const skippedWords: readonly string[] = ['--show-level'];
/** The same in the lines of a VMM's files. */
const skippedKeys = /^"(boot_args|kernel_image_path|initrd_path|path_on_host)":/;

/** Folders of one boot, which nothing but its name tells from those of another: that of its trial in the store, those of its sockets and its jail. */
const bootFolder = /(?<![^\s"=,])[^\s"=,]*\/(?:trials\/[^/"]+|vm-[A-Za-z0-9]{6})(?=\/|$)/g;

function argumentWords(argv: readonly string[]): string[] {
  return argv.filter(
    (word, index) => index > 0 && !skippedFlags.includes(argv[index - 1]) && !skippedWords.includes(word),
  );
}

function fileWords(files: Readonly<Record<string, string>>): string[] {
  const lines = Object.values(files).flatMap((text) => text.split('\n').map((line) => line.trim()));
  return lines.filter((line) => line !== '' && !skippedKeys.test(line));
}

/** Lists of which each word counts by itself, wherever it stands: the VMM's arguments, the lines of its files and the guest's kernel command line, without what only names this one boot. */
export function bootWords({ vmm, guest, path, trialId, runId }: Trial): ReadonlyMap<string, readonly string[]> {
  const names = [trialId, runId, path?.device ?? '', guest?.nic.mac ?? ''].filter((name) => name !== '');
  const unnamed = (word: string) =>
    names.reduce((text, name) => text.replaceAll(name, '*'), word.replaceAll(bootFolder, '*'));
  const lists = new Map<string, readonly string[]>();
  if (vmm !== null) lists.set('vmm.argv', argumentWords(vmm.argv).map(unnamed));
  const files = fileWords(vmm?.files ?? {});
  if (files.length > 0) lists.set('vmm.files', files.map(unnamed));
  if (guest !== null) lists.set('guest.kernelCommandLine', commandLineWords(guest.kernelCommandLine));
  return lists;
}

/** Facts of the machine, one set a run; none where a lab note does not say. */
export function hostFactsOf({ run }: Side): Facts {
  if (run.host === null) return new Map();
  const { programs, ...rest } = run.host;
  const byName = (pick: (program: HostFacts['programs'][number]) => string) =>
    Object.fromEntries(programs.map((program) => [program.name, pick(program)]));
  const tools = [
    ...leaves(
      byName(({ version }) => version),
      'host.programs.version',
    ),
    ...leaves(
      byName(({ sha256 }) => sha256),
      'host.programs.sha256',
    ),
  ];
  return new Map([...leaves(rest, 'host'), ...tools]);
}
