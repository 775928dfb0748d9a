import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { serverMachine } from '../measurement/describe.ts';
import { formatSize } from '../text/units.ts';
import { markdownCode, markdownText, shellLine } from './escape.ts';
import { type Fact, factList, settings, switches } from './fact-list.ts';
import { folded } from './fold.ts';

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
  const user = { 'own-user': ', as a user of its own', 'tapbench-user': ', with the rights of tapbench' } as const;
  const runsAs = vmm.runsAs === null ? '' : user[vmm.runsAs];
  return `${vmm.kind} ${vmm.version} (${vmm.accel}), ${vmm.path}${linked}${build}${runsAs}`;
}

function nicText(guest: NonNullable<Trial['guest']>): string {
  return `${guest.nic.driver ?? 'unknown driver'}, MTU ${String(guest.nic.mtu)}, ${queueText(guest.nic)}`;
}

type Facts = Pick<Trial, 'guest' | 'vmm' | 'path'>;

/** Where the tools ran, if not in the image's own. */
function rootfsFact({ rootfs }: NonNullable<Trial['guest']>): Fact[] {
  if (rootfs === undefined) return [];
  const { form, system, libc, tools, programs, init } = rootfs;
  const versions = Object.entries(programs).map(([name, version]) => `${name} ${version}`);
  const whose = tools === 'image' ? "tools of tapbench's image" : 'its own tools';
  const booted = init === undefined ? [] : [`booted by its own init (${init})`];
  const words = [system ?? 'unnamed', form, libc ?? 'no libc', `${whose} (${versions.join(', ')})`, ...booted];
  return [['root file system', words.join(', ')]];
}

/** What a reader looks for first. */
function mainFacts({ guest, vmm, path }: Facts): string {
  const vmmFact: Fact = ['VMM', vmm === null ? null : vmmText(vmm)];
  if (guest === null) return factList([vmmFact]);
  return factList([
    vmmFact,
    ['kernel', guest.kernelRelease],
    ['CPUs', `${String(guest.cpus)} x ${guest.cpuModel ?? 'unnamed'}`],
    ['memory', formatSize(guest.memoryTotalBytes)],
    ['NIC', nicText(guest)],
    ...rootfsFact(guest),
    ['congestion control', `${guest.congestionControl}, on the host ${path?.congestionControl ?? 'unknown'}`],
  ]);
}

function pathFacts({ path }: Facts): Fact[] {
  if (path === null) return [];
  return [
    ['offloads of the tap', switches(path.offloads)],
    ['qdisc of the tap', path.qdisc],
    ['queue pairs of the tap', path.queues],
    ['notification', path.notification],
  ];
}

function otherFacts(machine: Facts): string {
  const { guest, vmm } = machine;
  if (guest === null) return factList(pathFacts(machine));
  return factList([
    ['VMM sha256', vmm?.sha256 ?? null],
    ['kernel', { verbatim: guest.kernelVersion }],
    ['kernel command line', { verbatim: guest.kernelCommandLine }],
    ['clocksource', guest.clocksource],
    ['virtio features', guest.nic.virtioFeatures.join(' ')],
    ['offloads of the NIC', switches(guest.nic.offloads)],
    ...pathFacts(machine),
    ['sysctls', settings(guest.sysctls)],
    ['image', guest.imageId],
    ['kernel sha256', guest.kernelSha256],
    ['initrd sha256', guest.initrdSha256],
    ...(guest.rootfs === undefined ? [] : [['root file system sha256', guest.rootfs.sha256] satisfies Fact]),
  ]);
}

function nobodyText({ source }: Run): string {
  return source.kind === 'lab-note' ? 'The note does not say.' : 'No guest answered.';
}

/** The facts of a machine, and how it was started. */
function machineParts(machine: Facts): string[] {
  const argv = machine.vmm?.argv ?? [];
  const started = argv.length === 0 ? [] : [`Started as: ${markdownCode(shellLine(argv))}`];
  return [
    mainFacts(machine),
    folded('Path, settings and command line', [otherFacts(machine), ...started].join('\n\n')),
  ];
}

/** That of the servers' end, where their VMM is another. */
function serverParts(trial: Trial): string[] {
  const server = trial.configuration.vmm.server === undefined ? null : serverMachine([trial]);
  return server === null ? [] : [`At the servers' end:`, ...machineParts(server)];
}

/** `# Guest`: each different set of facts once, with the trials that it is true of. */
export function guestSection(run: Run): string {
  const answered = run.trials.filter((trial) => trial.guest !== null);
  const trialsByFacts = Map.groupBy(answered, (trial) => `${mainFacts(trial)}\n${otherFacts(trial)}`);
  const parts = [...trialsByFacts.values()].flatMap((trials) => {
    const [trial] = trials;
    if (trial === undefined) return [];
    const names = trials.map(({ trialId }) => markdownText(trialId)).join(', ');
    return [`Trials: ${names}`, ...machineParts(trial), ...serverParts(trial)];
  });
  return ['# Guest', ...(parts.length === 0 ? [nobodyText(run)] : parts)].join('\n\n');
}
