import type { HostFacts } from '../../record/host.ts';
import type { RecordedConfiguration, RecordedExperiment } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { configurationText, warningsOf, workloadText } from '../describe.ts';
import { formatSize, formatSpan } from '../units.ts';
import { markdownCode, markdownTable, markdownText, shellLine } from './escape.ts';

type Fact = readonly [name: string, value: string | number | boolean | null];

/** A list of facts; what the machine does not say is left out. */
function factList(facts: readonly Fact[]): string {
  return facts
    .filter(([, value]) => value !== null && value !== '')
    .map(
      ([name, value]) =>
        `- ${name}: ${markdownText(typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value))}`,
    )
    .join('\n');
}

function settings(values: Readonly<Record<string, string | boolean>>): string {
  const text = (value: string | boolean) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : value);
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${text(value)}`)
    .join('; ');
}

/** `autogroup on, nice 0, policy other, CPU group / (weight 100)`; null where the record is older. */
function schedulingText({ scheduling }: HostFacts): string | null {
  if (scheduling === null) return null;
  const { isAutogroupOn, autogroupNice, nice, policy, cpuGroup, extension } = scheduling;
  const weight = cpuGroup?.weight ?? null;
  const limit = cpuGroup?.limit ?? null;
  const bounds = [
    ...(weight === null ? [] : [`weight ${String(weight)}`]),
    ...(limit === null ? [] : [`limit ${limit} us`]),
  ].join(', ');
  const parts = [
    isAutogroupOn === null ? null : `autogroup ${isAutogroupOn ? 'on' : 'off'}`,
    autogroupNice === null || autogroupNice === 0 ? null : `autogroup nice ${String(autogroupNice)}`,
    nice === null ? null : `nice ${String(nice)}`,
    policy === null ? null : `policy ${policy}`,
    cpuGroup === null ? null : `CPU group ${cpuGroup.path}${bounds === '' ? '' : ` (${bounds})`}`,
    extension === null ? null : `sched_ext ${extension}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function hostFacts(host: HostFacts): string {
  const { cpu, memory, kernel } = host;
  return factList([
    ['CPU', cpu.model],
    ['microcode', cpu.microcode],
    [
      'CPUs',
      `${String(cpu.logicalCpus)} logical, ${String(cpu.physicalCores ?? '?')} cores, ${String(cpu.sockets ?? '?')} sockets, ${String(cpu.numaNodes ?? '?')} NUMA nodes`,
    ],
    ['SMT', cpu.smt],
    ['governor', cpu.governor],
    ['turbo', cpu.isTurboOn],
    ['mitigations', settings(cpu.vulnerabilities)],
    ['hypervisor below', host.hypervisor],
    ['memory', `${formatSize(memory.totalBytes)}, swap ${formatSize(memory.swapTotalBytes)}`],
    ['transparent huge pages', memory.transparentHugepages],
    ['KSM', memory.isKsmRunning],
    ['system', host.operatingSystem],
    ['kernel', kernel.version],
    ['kernel config sha256', kernel.configSha256],
    ['kernel command line', kernel.commandLine],
    ['clocksource', kernel.clocksource],
    ['preemption', kernel.preemption],
    ['scheduling', schedulingText(host)],
    ['sysctls', settings(host.sysctls)],
    ['KVM', `${host.kvm.isUsable ? 'usable' : 'not usable'}: ${host.kvm.reason}`],
    ['tracing', `${host.tracing.isUsable ? 'usable' : 'not usable'}: ${host.tracing.reason}`],
    ['fingerprint', host.fingerprint],
  ]);
}

/** `# Host` */
export function hostSection({ host }: Run): string {
  if (host === null) return ['# Host', 'The note does not say.'].join('\n\n');
  const programs = markdownTable(
    ['program', 'version', 'package', 'sha256'],
    host.programs.map(({ name, version, package: owner, sha256 }) =>
      [name, version, owner ?? 'none', sha256].map(markdownText),
    ),
  );
  return ['# Host', hostFacts(host), ...(host.programs.length === 0 ? [] : [programs])].join('\n\n');
}

/** `queues 2, sizes 256 rx and 256 tx`; what is not known is left out. */
function queueText({ queues, queueSizes, transport, interrupts }: NonNullable<Trial['guest']>['nic']): string {
  const sizes =
    queueSizes === null ? '' : `, queues of ${String(queueSizes.rx)} (rx) and ${String(queueSizes.tx)} (tx)`;
  const way = [transport === null ? null : `virtio-${transport}`, interrupts].filter((part) => part !== null);
  return [`${String(queues)} TX queues${sizes}`, ...way].join(', ');
}

function vmmText(vmm: NonNullable<Trial['vmm']>): string {
  const linked = vmm.isStatic === null ? '' : `, ${vmm.isStatic ? 'static' : 'dynamically linked'}`;
  const build = vmm.isDebugBuild === null ? '' : `, ${vmm.isDebugBuild ? 'debug' : 'release'} build`;
  return `${vmm.kind} ${vmm.version} (${vmm.accel}), ${vmm.path}, sha256 ${vmm.sha256}${linked}${build}`;
}

function guestFacts({ guest, vmm, path }: Trial): string {
  return factList([
    ['VMM', vmm === null ? null : vmmText(vmm)],
    ['kernel', guest?.kernelVersion ?? null],
    ['kernel command line', guest?.kernelCommandLine ?? null],
    ['CPUs', guest === null ? null : `${String(guest.cpus)} x ${guest.cpuModel ?? 'unnamed'}`],
    ['memory', guest === null ? null : formatSize(guest.memoryTotalBytes)],
    ['clocksource', guest?.clocksource ?? null],
    [
      'congestion control',
      guest === null ? null : `${guest.congestionControl}, on the host ${path?.congestionControl ?? 'unknown'}`,
    ],
    [
      'NIC',
      guest === null
        ? null
        : `${guest.nic.driver ?? 'unknown driver'}, MTU ${String(guest.nic.mtu)}, ${queueText(guest.nic)}`,
    ],
    ['virtio features', guest?.nic.virtioFeatures.join(' ') ?? null],
    ['offloads of the NIC', guest === null ? null : settings(guest.nic.offloads)],
    ['offloads of the tap', path === null ? null : settings(path.offloads)],
    ['qdisc of the tap', path?.qdisc ?? null],
    ['queue pairs of the tap', path?.queues ?? null],
    ['notification', path?.notification ?? null],
    ['sysctls', guest === null ? null : settings(guest.sysctls)],
    ['image', guest?.imageId ?? null],
    ['kernel sha256', guest?.kernelSha256 ?? null],
    ['initrd sha256', guest?.initrdSha256 ?? null],
  ]);
}

function nobodyText({ source }: Run): string {
  return source.kind === 'lab-note' ? 'The note does not say.' : 'No guest answered.';
}

/** `# Guest`: each different set of facts once, with the trials that it is true of. */
export function guestSection(run: Run): string {
  const trialsByFacts = new Map<string, Trial[]>();
  for (const trial of run.trials) {
    if (trial.guest === null) continue;
    const facts = guestFacts(trial);
    trialsByFacts.set(facts, [...(trialsByFacts.get(facts) ?? []), trial]);
  }
  const parts = [...trialsByFacts].map(([facts, trials]) => {
    const ids = trials.map((trial) => markdownText(trial.trialId)).join(', ');
    const argv = trials[0]?.vmm?.argv ?? [];
    return [
      `Trials: ${ids}`,
      facts,
      ...(argv.length === 0 ? [] : [`Started as: ${markdownCode(shellLine(argv))}`]),
    ].join('\n\n');
  });
  return ['# Guest', ...(parts.length === 0 ? [nobodyText(run)] : parts)].join('\n\n');
}

const traceTexts = {
  separate:
    'the measured window is not traced; a short traced window of the same workload follows in the same boot, and system calls are counted there',
  inline: 'the measured window itself is traced: its figures carry the cost of tracing',
  off: 'no system calls are counted',
  'lab-note': 'the measured window is traced by the script of a lab note: its figures carry the cost of that',
} as const;

/** The workloads once where all configurations have the same, else by configuration. */
function workloadFacts(configurations: readonly RecordedConfiguration[]): Fact[] {
  const factsOf = ({ workloads }: RecordedConfiguration, of: string): Fact[] =>
    workloads.map((spec) => [`workload ${markdownText(spec.name)}${of}`, `${spec.kind}, ${workloadText(spec)}`]);
  const [first] = configurations;
  if (first === undefined) return [];
  const isOne = configurations.every(({ workloads }) => JSON.stringify(workloads) === JSON.stringify(first.workloads));
  return isOne ? factsOf(first, '') : configurations.flatMap((one) => factsOf(one, ` of ${markdownText(one.name)}`));
}

function traceText({ trace }: RecordedConfiguration): string {
  if (trace === null) return 'the note does not say';
  const { mode, timing, durationNs } = trace;
  const length = mode === 'separate' ? ` (${formatSpan(durationNs)})` : '';
  return `${mode}${length}: ${traceTexts[mode]}${timing ? '; with the time of each call' : ''}`;
}

function bootsText({ boots, seed }: RecordedExperiment, isNote: boolean): string {
  if (isNote) return 'the note does not say how often it was repeated';
  return `${String(boots)} of each configuration, in blocks, order drawn with seed ${String(seed)}`;
}

/** How tapbench measures; a lab note says nothing of that. */
function instrumentFacts({ host, source }: Run): Fact[] {
  if (source.kind === 'lab-note') return [];
  return [
    ['windows', 'from just before the client starts to just after it ends; every probe is read at both edges'],
    ['latency', "sockperf's figure is half a round trip"],
    ['gigabyte', '1e9 payload bytes'],
    ['calls', 'waits and KVM_RUN are counted apart from work'],
    [
      'tapbench',
      host === null
        ? null
        : `${host.tapbench.version}, node ${host.tapbench.node}, commit ${host.tapbench.commit ?? 'unknown'}`,
    ],
  ];
}

/** `# Method`: what was measured, and how to measure it again. */
export function methodSection(run: Run): string {
  const { experiment, command, source } = run;
  const configurations = experiment.configurations.flatMap((configuration): Fact[] => {
    const trials = run.trials.filter((trial) => trial.configuration.name === configuration.name);
    return [
      [`configuration ${markdownText(configuration.name)}`, configurationText(configuration, trials)],
      ['tracing', traceText(configuration)],
    ];
  });
  const workloads = workloadFacts(experiment.configurations);
  const facts = factList([
    ['run', `${run.runId}, started ${run.startedAt}, ${run.status}`],
    ['boots', bootsText(experiment, source.kind === 'lab-note')],
    ...configurations,
    ...workloads,
    ...instrumentFacts(run),
  ]);
  const warning = warningsOf(run).map((text) => `**${markdownText(text)}**`);
  return ['# Method', ...warning, facts, `Made with: ${markdownCode(shellLine(command))}`].join('\n\n');
}
