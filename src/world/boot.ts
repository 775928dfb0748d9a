import { basename, join } from 'node:path';
import { Channel } from '../guest/channel.ts';
import { Guest } from '../guest/machine.ts';
import type { Ledger } from '../lab/ledger.ts';
import { Namespace } from '../lab/namespace.ts';
import type { OwnUser } from '../lab/own-user.ts';
import type { StartedProcess } from '../lab/process.ts';
import type { OutputFile } from '../probe/vmm-output.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import { makeRawFolder, rawFile, writeRawFile } from '../store/raw-file.ts';
import type { VmmCommand, VmmDriver } from '../vmm/driver.ts';
import { newOwnUser } from './own-user.ts';
import { startVmm } from './start-vmm.ts';
import { topologies } from './topology/topologies.ts';
import type { TopologyPlan } from './topology/topology.ts';
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
}

export interface BootOptions {
  readonly configuration: Configuration;
  readonly bootable: Bootable;
  readonly ledger: Ledger;
  /** Unique on this host: names the namespace. */
  readonly labName: string;
  /** What every load generator on this host is started with; empty for none. */
  readonly generatorPrefix?: readonly string[];
  /** For console.log and what is fetched. */
  readonly folder: string;
}

/** A started VMM in its own namespace, whose guest may not yet answer: await `guest.channel.hello`. */
export interface Machine extends AsyncDisposable {
  readonly plan: TopologyPlan;
  readonly namespace: Namespace;
  readonly vmm: StartedProcess;
  readonly command: VmmCommand;
  readonly argv: readonly string[];
  /** What was written for the VMM: name of the file to its text. */
  readonly files: Record<string, string>;
  readonly generatorPrefix: readonly string[];
  readonly guest: Guest;
  /** Where the VMM says what goes wrong. */
  readonly output: readonly OutputFile[];
}

const ethtoolDeadlineMs = 10_000;
/** Of console.log: a boot with every message of the kernel takes less than 1 MiB. */
const mostConsoleBytes = 16 * 1024 ** 2;

function guestArguments(configuration: Configuration, plan: TopologyPlan): string[] {
  const { congestionControl } = configuration.guest;
  return [
    `tapbench.address=${plan.guest.address}`,
    `tapbench.mtu=${String(configuration.nic.mtu)}`,
    // A multiqueue card starts with one pair in use.
    ...(configuration.nic.queues === 1 ? [] : [`tapbench.queues=${String(configuration.nic.queues)}`]),
    ...(configuration.nic.offloads.gso ? [] : ['tapbench.gso=off']),
    ...(congestionControl === null ? [] : [`tapbench.congestion_control=${congestionControl}`]),
  ];
}

/** Segments are cut before the tap sees them, at the host's end. (The guest's end does the same for itself.) */
async function segmentBeforeTap(namespace: Namespace, tap: string): Promise<void> {
  const { exitStatus, stderr } = await namespace.run(['ethtool', '-K', tap, 'gso', 'off'], ethtoolDeadlineMs);
  if (exitStatus === 0) return;
  throw new TapbenchError('LAB_FAILED', `${tap} refuses gso off: ${firstComplaint(stderr) ?? 'ethtool said nothing'}`, {
    hint: 'nic.offloads.gso must stay on here',
  });
}

/** Whom the VMM runs as; null: as we do. */
function userFor(
  { driver, accel, setpriv }: Bootable,
  configuration: Configuration,
): { user: OwnUser | null; changesItself: boolean } {
  const needs = driver.ownUser(configuration, accel);
  if (setpriv === null || needs === null) return { user: null, changesItself: false };
  return { user: newOwnUser({ setpriv, devices: needs.devices }), changesItself: needs.by === 'itself' };
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

/** Makes the lab of one trial and starts the VMM in it. Disposing ends the VMM and removes the lab. */
export async function startMachine(options: BootOptions): Promise<Machine> {
  const { configuration, bootable, ledger, labName, folder } = options;
  const { driver } = bootable;
  await using made = new AsyncDisposableStack();
  const { user, changesItself } = userFor(bootable, configuration);
  const plan = topologies[configuration.topology].plan(configuration.nic, user?.id ?? null);
  const { address, batch } = plan.namespace;
  const namespace = made.use(await Namespace.create({ ledger, name: labName, address, batch }));
  if (!configuration.nic.offloads.gso) await segmentBeforeTap(namespace, plan.guest.tap);
  makeRawFolder(folder);
  const sockets = socketFolder(ledger, made);
  const command = driver.command({
    configuration,
    ...bootable,
    name: labName,
    guestArguments: guestArguments(configuration, plan),
    tap: { device: plan.guest.tap, mac: plan.guest.mac },
    userId: user?.id ?? null,
    folder,
    runtimeFolder: sockets,
    jailFolder: jailFolder(basename(sockets), ledger, made),
  });
  layOut(command, folder, made);
  const consoleLog = made.use(rawFile(join(folder, 'console.log'), mostConsoleBytes));
  const stderrFile = join(folder, 'vmm.stderr');
  const output = makeOutput(driver, { stderrFile, log: command.log }, made);
  const { memoryBytes } = configuration.vmm;
  const place = { folder: sockets, stderrFile, memoryBytes, ledger, made };
  const { vmm, line } = await startVmm({ namespace, command, user, changesItself, place });
  const channel = new Channel(vmm, line, (text) => {
    consoleLog.write(text);
  });
  const receiver = {
    start: async (argv: readonly string[]) => await namespace.spawn(argv, { stdin: 'pipe', stdout: 'pipe' }),
    address,
  };
  const guestAddress = plan.guest.address.replace(/\/.*/, '');
  const guest = new Guest({ name: 'vm', address: guestAddress, channel, receiver, folder, memoryBytes });
  const owned = made.move();
  return {
    plan,
    namespace,
    vmm,
    command,
    argv: command.argv,
    files: Object.fromEntries(Object.entries(command.files).map(([path, text]) => [basename(path), text])),
    generatorPrefix: options.generatorPrefix ?? [],
    guest,
    output,
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
    },
  };
}
