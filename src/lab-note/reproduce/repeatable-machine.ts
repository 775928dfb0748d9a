import type { GuestSpec, VmmOptions } from '../../record/experiment.ts';
import type { RecordedConfiguration, RecordedNic } from '../../record/recorded-experiment.ts';

/** Dotted paths of an experiment's file to their values. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** What of a machine an experiment says again, and what was chosen in place of what it can't. */
export interface RepeatableMachine {
  readonly settings: Settings;
  readonly assumed: readonly string[];
}

const mebibyte = 2 ** 20;
/** What a driver calls an option; a note may hold anything. */
const optionName = /^[a-z][a-zA-Z0-9]*$/;

function sizeText(bytes: number): string {
  return bytes % mebibyte === 0 ? `${String(bytes / mebibyte)}MiB` : `${String(bytes)}B`;
}

/** Machines of QEMU that tapbench sets up. */
const machines: readonly unknown[] = ['microvm', 'q35'];

function nicSettings({ mtu, offloads, vhost, queues, rxQueueSize, txQueueSize }: RecordedNic): Settings {
  const switches = Object.entries(offloads ?? {}).map(([name, isOn]) => [`nic.offloads.${name}`, isOn] as const);
  return {
    ...(mtu === null ? {} : { 'nic.mtu': mtu }),
    ...Object.fromEntries(switches),
    ...(vhost === null ? {} : { 'nic.vhost': vhost }),
    ...(queues === null ? {} : { 'nic.queues': queues }),
    ...(rxQueueSize === null ? {} : { 'nic.rxQueueSize': rxQueueSize }),
    ...(txQueueSize === null ? {} : { 'nic.txQueueSize': txQueueSize }),
  };
}

/** Files and kernel arguments are those of another's machine: none of them is booted because a note says so. */
function guestAssumptions({ kernel, initrd, rootfs, kernelArguments }: GuestSpec): string[] {
  return [
    ...(kernel === null ? [] : [`the kernel of the image, as ${kernel} is a file of another machine`]),
    ...(initrd === null ? [] : [`the initramfs of the image, as ${initrd} is a file of another machine`]),
    ...(rootfs === undefined ? [] : [`the tools in the image, as ${rootfs} is of another machine`]),
    ...(kernelArguments === '' ? [] : [`no further kernel arguments, in place of "${kernelArguments}"`]),
  ];
}

/** Options that can be said again, below the path of their VMM. */
function optionSettings(options: VmmOptions, path: string): [string, Settings[string]][] {
  return Object.entries(options)
    .filter(([name, value]) => optionName.test(name) && (name !== 'machine' || machines.includes(value)))
    .map(([name, value]) => [`${path}.options.${name}`, value]);
}

/** The VMM at the servers' end, where it was another. Its binary is a file of another machine. */
function serverMachine({ server }: RecordedConfiguration['vmm'], kinds: readonly string[]): RepeatableMachine {
  if (server === undefined) return { settings: {}, assumed: [] };
  const { kind, vcpus, memoryBytes, options } = server;
  const isThere = kinds.includes(kind);
  return {
    settings: {
      ...(isThere ? { 'vmm.server.kind': kind } : {}),
      'vmm.server.vcpus': vcpus,
      'vmm.server.memory': sizeText(memoryBytes),
      ...(isThere ? Object.fromEntries(optionSettings(options, 'vmm.server')) : {}),
    },
    assumed: isThere ? [] : [`the clients' VMM at the servers' end, as there is no ${kind} on this machine`],
  };
}

/**
 * The machine as a report of tapbench has it; nothing where a note does not say.
 * @param kind the VMM that is taken here
 * @param kinds those that are here
 */
export function repeatableMachine(
  { vmm, guest, nic }: RecordedConfiguration,
  kind: string,
  kinds: readonly string[],
): RepeatableMachine {
  const options = optionSettings(vmm.options, 'vmm');
  const server = serverMachine(vmm, kinds);
  const { machine } = vmm.options;
  const isSameVmm = vmm.kind === kind;
  const congestionControl = guest?.congestionControl ?? null;
  return {
    settings: {
      ...(vmm.vcpus === null ? {} : { 'vmm.vcpus': vmm.vcpus }),
      ...(vmm.memoryBytes === null ? {} : { 'vmm.memory': sizeText(vmm.memoryBytes) }),
      ...(isSameVmm ? Object.fromEntries(options) : {}),
      ...server.settings,
      ...(congestionControl === null ? {} : { 'guest.congestionControl': congestionControl }),
      ...(nic === null ? {} : nicSettings(nic)),
    },
    assumed: [
      ...(machine === undefined || machines.includes(machine) || !isSameVmm
        ? []
        : [`the usual machine, as ${String(machine)} is not set up`]),
      ...(isSameVmm || options.length === 0 ? [] : [`the options that ${kind} has by default`]),
      ...server.assumed,
      ...(guest === null ? [] : guestAssumptions(guest)),
    ],
  };
}
