import { basename, join } from 'node:path';
import { Channel } from '../guest/channel.ts';
import { type FileReceiver, Guest } from '../guest/machine.ts';
import { enterRootfs, type RootfsSteps, type RootfsWords } from '../guest/rootfs/enter.ts';
import { monotonicNs } from '../lab/clock.ts';
import type { Ledger } from '../lab/ledger.ts';
import type { Namespace } from '../lab/namespace.ts';
import type { OwnUser } from '../lab/own-user.ts';
import type { StartedProcess } from '../lab/process.ts';
import type { OutputFile } from '../probe/vmm-output.ts';
import type { Configuration } from '../record/experiment.ts';
import { makeRawFolder, rawFile, writeRawFile } from '../store/raw-file.ts';
import type { VmmCommand, VmmDriver } from '../vmm/driver.ts';
import { startVmm } from './start-vmm.ts';
import type { MachinePlan } from './topology/world-plan.ts';
import { jailFolder, layOut, shorten, socketFolder } from './vmm-files.ts';

/** What is booted, all of it found and checked before. */
export interface Bootable {
  readonly driver: VmmDriver;
  readonly binary: string;
  readonly accel: 'kvm' | 'tcg';
  readonly version: string;
  readonly isPvm: boolean;
  /** Whether the VMM gets a user of its own, and what makes it that; null: it runs as we do. */
  readonly setpriv: string | null;
  readonly tscKhz: number | null;
  readonly kernel: { readonly bzImage: string | null; readonly elf: string | null };
  readonly initrd: string;
  /** null: the tools run in the image's own. */
  readonly rootfs: BootedRootfs | null;
}

/** A root file system of the user's own. */
export interface BootedRootfs {
  /** The image that the guest can read as a block device. */
  readonly file: string;
  /** What the guest is asked to run the tools in it. */
  readonly steps: RootfsSteps;
}

export interface MachineOptions {
  readonly plan: MachinePlan;
  /** As this end has it. */
  readonly configuration: Configuration;
  readonly bootable: Bootable;
  readonly ledger: Ledger;
  /** What the VMM calls its guest. */
  readonly vmName: string;
  /** Whom the VMM runs as, and whether it changes to that user itself; null: as we do. */
  readonly user: { readonly own: OwnUser; readonly changesItself: boolean } | null;
  /** That the plan puts it into. */
  readonly namespace: Namespace;
  /** For console.log and what is fetched. */
  readonly folder: string;
  /** What it is called in the record. */
  readonly guestName: string;
}

/** CLOCK_MONOTONIC, ns. */
export interface BootTime {
  /** When its VMM was started. */
  readonly startNs: number;
  /** When its guest answered; null: it has not yet. */
  endNs: number | null;
}

/** A started VMM in its namespace, whose guest may not yet answer: await `up`. */
export interface Machine extends AsyncDisposable {
  readonly plan: MachinePlan;
  /** As its end has it. */
  readonly configuration: Configuration;
  readonly bootable: Bootable;
  readonly namespace: Namespace;
  readonly vmm: StartedProcess;
  readonly command: VmmCommand;
  readonly argv: readonly string[];
  /** What was written for the VMM: name of the file to its text. */
  readonly files: Record<string, string>;
  readonly guest: Guest;
  readonly bootTime: BootTime;
  /** Waits until the guest answers and has entered the user's root file system. @throws TapbenchError `GUEST_FAILED`, `VMM_FAILED` */
  up(deadlineMs: number): Promise<void>;
  /** What the guest then said of that; null: it has none, or is not up. */
  rootfs(): RootfsWords | null;
  /** Where the VMM says what goes wrong. */
  readonly output: readonly OutputFile[];
}

/** Of console.log: a boot with every message of the kernel takes less than 1 MiB. */
const mostConsoleBytes = 16 * 1024 ** 2;

/** The card keeps its name, and systemd asks nobody for a locale and logs to the kernel (systemd(1), kernel-command-line(7), systemd.net-naming-scheme(7)). */
const theirInitArguments = [
  'net.ifnames=0',
  'systemd.firstboot=no',
  'systemd.condition_first_boot=no',
  'systemd.log_target=kmsg',
];

function guestArguments(configuration: Configuration, plan: MachinePlan): string[] {
  const { congestionControl, init = 'ours' } = configuration.guest;
  return [
    `tapbench.address=${plan.address}`,
    `tapbench.mtu=${String(configuration.nic.mtu)}`,
    // A multiqueue card starts with one pair in use.
    ...(configuration.nic.queues === 1 ? [] : [`tapbench.queues=${String(configuration.nic.queues)}`]),
    ...(configuration.nic.offloads.gso ? [] : ['tapbench.gso=off']),
    ...(congestionControl === null ? [] : [`tapbench.congestion_control=${congestionControl}`]),
    ...(init === 'ours' ? [] : theirInitArguments),
  ];
}

/** Makes the files that take its stderr and its log. They are cut when it has ended. */
function makeOutput(
  driver: VmmDriver,
  { stderrFile, log }: { stderrFile: string; log: string | null },
  made: AsyncDisposableStack,
): OutputFile[] {
  const files: OutputFile[] = [{ path: stderrFile, isError: (line) => driver.isError(line, 'stderr') }];
  if (log !== null) files.push({ path: log, isError: (line) => driver.isError(line, 'log') });
  for (const { path } of files) writeRawFile(path, '');
  made.defer(() => {
    shorten(files);
  });
  return files;
}

/** What takes in the files of one guest. */
function receiverIn(namespace: Namespace, { receiver }: MachinePlan): FileReceiver {
  return {
    ...receiver,
    start: async (argv) => await namespace.spawn(argv, { stdin: 'pipe', stdout: 'pipe' }),
  };
}

/** How a guest comes up: into the user's root file system, where there is one. */
function comingUp(guest: Guest, { rootfs }: Bootable, bootTime: BootTime): Pick<Machine, 'up' | 'rootfs'> {
  let words: RootfsWords | null = null;
  return {
    up: async (deadlineMs) => {
      const endNs = monotonicNs() + deadlineMs * 1e6;
      await guest.channel.hello(deadlineMs);
      bootTime.endNs = monotonicNs();
      if (rootfs === null) return;
      words = await enterRootfs(guest, rootfs.steps, () => Math.max(1, Math.ceil((endNs - monotonicNs()) / 1e6)));
      // Theirs is up when its last service has started.
      if (rootfs.steps.ownInit !== null) bootTime.endNs = monotonicNs();
    },
    rootfs: () => words,
  };
}

/** Starts the VMM of one machine. Disposing ends it. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { plan, configuration, bootable, ledger, vmName, user, namespace, folder, guestName } = options;
  const { driver } = bootable;
  await using made = new AsyncDisposableStack();
  makeRawFolder(folder);
  const sockets = socketFolder(ledger, made);
  const userId = user?.own.id ?? null;
  const command = driver.command({
    configuration,
    ...bootable,
    disk: bootable.rootfs?.file ?? null,
    name: vmName,
    guestArguments: guestArguments(configuration, plan),
    tap: { device: plan.tap, mac: plan.mac },
    userId,
    folder,
    runtimeFolder: sockets,
    jailFolder: jailFolder(basename(sockets), ledger, made),
  });
  layOut(command, folder, made);
  const consoleLog = made.use(rawFile(join(folder, 'console.log'), mostConsoleBytes));
  const stderrFile = join(folder, 'vmm.stderr');
  const output = makeOutput(driver, { stderrFile, log: command.log }, made);
  const { memoryBytes } = configuration.vmm;
  const bootTime: BootTime = { startNs: monotonicNs(), endNs: null };
  const { vmm, line } = await startVmm({
    namespace,
    command,
    user: user?.own ?? null,
    changesItself: user?.changesItself ?? false,
    place: { folder: sockets, stderrFile, memoryBytes, ledger, made },
  });
  const channel = new Channel(vmm, line, (text) => {
    consoleLog.write(text);
  });
  const receiver = receiverIn(namespace, plan);
  const isEmulated = bootable.accel === 'tcg';
  const guest = new Guest({ name: guestName, channel, receiver, folder, memoryBytes, isEmulated });
  const owned = made.move();
  return {
    plan,
    configuration,
    bootable,
    namespace,
    vmm,
    command,
    argv: command.argv,
    files: Object.fromEntries(Object.entries(command.files).map(([path, text]) => [basename(path), text])),
    guest,
    bootTime,
    ...comingUp(guest, bootable, bootTime),
    output,
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
    },
  };
}
