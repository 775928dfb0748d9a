import type { OffloadSpec, VmmOptions } from '../../record/experiment.ts';
import type { RecordedConfiguration, RecordedNic, RecordedWorkload } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import { hasVm, machinesAt } from '../../record/topology.ts';
import type { MachineFacts, Trial } from '../../record/trial.ts';
import { settingsOf } from '../../workload/questions.ts';
import { formatRate, formatSize, formatSpan } from '../text/units.ts';

/** The first machine at the servers' end whose VMM is known; null where there is none. */
export function serverMachine(trials: readonly Trial[]): MachineFacts | null {
  const [first] = trials
    .flatMap(({ machines = [], configuration }) => machinesAt('server', configuration, machines))
    .filter(({ vmm }) => vmm !== null);
  return first ?? null;
}

/** What every output of a run on an emulated CPU says. */
export const emulatedCpuWarning = 'emulated CPU: not comparable with hardware virtualisation';

/** The VMM of each machine that any boot had. */
function vmmsOf({ trials }: Pick<Run, 'trials'>): NonNullable<Trial['vmm']>[] {
  return trials
    .flatMap(({ vmm, machines = [] }) => [vmm, ...machines.map((machine) => machine.vmm)])
    .filter((vmm) => vmm !== null);
}

/** Whether any boot of the run was emulated. */
function isEmulated(run: Run): boolean {
  return vmmsOf(run).some(({ accel }) => accel === 'tcg');
}

/** What every output of a run on a debug build says; null where no boot ran one. */
function debugBuildWarning(run: Pick<Run, 'trials'>): string | null {
  const vmm = vmmsOf(run).find(({ isDebugBuild }) => isDebugBuild === true);
  return vmm === undefined ? null : `${vmm.kind} ${vmm.version} is a debug build: its costs are not those of a release`;
}

/** What is said at the top of every output of a run: that its CPU was emulated, that its VMM is a debug build. */
export function warningsOf(run: Run): string[] {
  return [
    ...(isEmulated(run) ? [emulatedCpuWarning] : []),
    ...[debugBuildWarning(run)].filter((text) => text !== null),
  ];
}

function plural(count: number, word: string): string {
  return `${String(count)} ${word}${count === 1 ? '' : 's'}`;
}

function texts(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null).join(', ');
}

function ifSaid<T>(value: T | null, textOf: (value: T) => string): string | null {
  return value === null ? null : textOf(value);
}

/** `tcp, 4 streams, upload, 30 s`; what a lab note does not say is left out. */
export function workloadText(spec: RecordedWorkload): string {
  const said = settingsOf(spec, { span: formatSpan, rate: formatRate, size: formatSize }).join(', ');
  return said === '' ? 'how is not said' : said;
}

/** `beside upload-load (tcp, 4 streams)`; empty where it has the window for itself. */
export function besideText(others: readonly RecordedWorkload[]): string {
  const each = others.map((spec) => `${spec.name} (${workloadText(spec)})`);
  return each.length === 0 ? '' : `beside ${each.join(' and ')}`;
}

/** How a workload runs, and what shares its window. */
export function windowText(spec: RecordedWorkload, others: readonly RecordedWorkload[]): string {
  return texts(workloadText(spec), others.length === 0 ? null : besideText(others));
}

/** What the path may not leave to its other end: nothing where all is on. */
function offloadTexts(offloads: OffloadSpec): string[] {
  const off = Object.entries(offloads).flatMap(([name, isOn]) => (isOn ? [] : [name]));
  return off.length === 0 ? [] : [`${off.join('+')} off`];
}

function nicTexts(nic: RecordedNic | null): string[] {
  if (nic === null) return [];
  const { mtu, offloads, vhost, queues } = nic;
  return [
    ...(mtu === null ? [] : [`MTU ${String(mtu)}`]),
    ...(offloads === null ? [] : offloadTexts(offloads)),
    ...(vhost === true ? ['vhost'] : []),
    // Where the MTU is not said, the rest is a lab note's word: there `off` is one too.
    ...(vhost === false && mtu === null ? ['vhost off'] : []),
    ...(queues === null || queues === 1 ? [] : [plural(queues, 'queue pair')]),
  ];
}

/** What only this VMM has: words as they are (`q35`), switches that are on by their names. */
function optionTexts(options: VmmOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === true) return [name];
    return typeof value === 'string' ? [value] : [];
  });
}

type SaidVmm = Omit<RecordedConfiguration['vmm'], 'server'>;

/** What is said of a VMM and its machine. */
function vmmTexts({ kind, accel, vcpus, memoryBytes, options }: SaidVmm, ran: Trial['vmm']): (string | null)[] {
  return [
    ran === null ? kind : `${ran.kind} ${ran.version}`,
    ...optionTexts(options),
    ran === null ? ifSaid(accel, (name) => `accel ${name}`) : ran.accel,
    ifSaid(vcpus, (count) => plural(count, 'vCPU')),
    ifSaid(memoryBytes, formatSize),
  ];
}

/** The VMM, or that of each end where they differ. */
function vmmsTexts({ vmm }: RecordedConfiguration, trials: readonly Trial[]): (string | null)[] {
  const ran = trials.find((trial) => trial.vmm !== null)?.vmm ?? null;
  const { server, ...client } = vmm;
  if (server === undefined) return vmmTexts(client, ran);
  const served = serverMachine(trials)?.vmm ?? null;
  return [`clients on ${texts(...vmmTexts(client, ran))}`, `servers on ${texts(...vmmTexts(server, served))}`];
}

/** One configuration in the words of what really ran: `qemu 7.2.15, microvm, kvm, 1 vCPU, 512 MiB, MTU 1500`. What a lab note does not say is left out, but who talked to whom. */
export function configurationText(configuration: RecordedConfiguration, trials: readonly Trial[]): string {
  const { topology, pairs, nic, ceilingOf = [] } = configuration;
  return texts(
    ...(topology !== null && !hasVm({ topology, pairs }) ? [] : vmmsTexts(configuration, trials)),
    ...nicTexts(nic),
    topology ?? 'topology not said',
    ...(pairs === 1 ? [] : [`${String(pairs)} pairs`]),
    ...(ceilingOf.length === 0 ? [] : [`the ceiling of ${ceilingOf.join(', ')}`]),
  );
}
