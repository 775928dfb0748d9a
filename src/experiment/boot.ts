import { basename, join } from 'node:path';
import { Channel, type SerialLine } from '../guest/channel.ts';
import { Guest } from '../guest/machine.ts';
import { Fifo } from '../lab/fifo.ts';
import type { Ledger } from '../lab/ledger.ts';
import { Namespace } from '../lab/namespace.ts';
import type { StartedProcess } from '../lab/process.ts';
import { identityOf } from '../lab/process-identity.ts';
import { SerialSocket } from '../lab/serial-socket.ts';
import { topologies } from '../lab/topology/topologies.ts';
import type { TopologyPlan } from '../lab/topology/topology.ts';
import { unixRequest } from '../lab/unix-http.ts';
import { waitFor } from '../lab/wait.ts';
import type { OutputFile } from '../probe/vmm-output.ts';
import { firstComplaint } from '../record/complaint.ts';
import type { ApiRequest } from '../record/counter-source.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import { makeRawFolder, rawFileStream, writeRawFile } from '../store/raw-file.ts';
import type { VmmCommand, VmmDriver } from '../vmm/driver.ts';
import { jailFolder, layOut, socketFolder } from './vmm-files.ts';

/** What is booted, all of it found and checked before. */
export interface Bootable {
  readonly driver: VmmDriver;
  readonly binary: string;
  readonly accel: 'kvm' | 'tcg';
  readonly version: string;
  readonly isPvm: boolean;
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

const powerOffDeadlineMs = 2_000;

/** Asks the VMM to end by itself, and waits for it; one that does not is ended like any other. */
async function powerOff(request: ApiRequest, vmm: StartedProcess): Promise<void> {
  if (vmm.hasEnded) return;
  try {
    await unixRequest(request, powerOffDeadlineMs);
  } catch {
    // It may be gone already, or too broken to answer.
    return;
  }
  await waitFor(() => (vmm.hasEnded ? true : null), { deadlineMs: powerOffDeadlineMs, intervalMs: 10 });
}

/** Starts the VMM, with the guest's console on its stdin and stdout or on a socket of its own. */
async function startVmm(
  namespace: Namespace,
  { argv, consoleSocket }: VmmCommand,
  { pipe, stderrFile, made }: { pipe: string; stderrFile: string; made: AsyncDisposableStack },
): Promise<{ vmm: StartedProcess; line: SerialLine }> {
  if (consoleSocket !== undefined) {
    const vmm = made.use(await namespace.spawn(argv, { stderrFile }));
    return { vmm, line: made.use(new SerialSocket(consoleSocket, vmm)) };
  }
  const fifo = made.use(await Fifo.create(pipe));
  const vmm = made.use(await namespace.spawn(argv, { stdin: fifo.readEnd, stdout: 'pipe', stderrFile }));
  fifo.handOver();
  return { vmm, line: { input: fifo.input, output: vmm.stdout } };
}

/** Makes the files that take its stderr and its log. */
function makeOutput(driver: VmmDriver, { stderrFile, log }: { stderrFile: string; log: string | null }): OutputFile[] {
  const files: OutputFile[] = [{ path: stderrFile, isError: (line) => driver.isError(line, 'stderr') }];
  if (log !== null) files.push({ path: log, isError: (line) => driver.isError(line, 'log') });
  for (const { path } of files) writeRawFile(path, '');
  return files;
}

/** Makes the lab of one trial and starts the VMM in it. Disposing ends the VMM and removes the lab. */
export async function startMachine(options: BootOptions): Promise<Machine> {
  const { configuration, bootable, ledger, labName, folder } = options;
  await using made = new AsyncDisposableStack();
  const plan = topologies[configuration.topology].plan(configuration.nic);
  const { address, batch } = plan.namespace;
  const namespace = made.use(await Namespace.create({ ledger, name: labName, address, batch }));
  if (!configuration.nic.offloads.gso) await segmentBeforeTap(namespace, plan.guest.tap);
  makeRawFolder(folder);
  const sockets = socketFolder(ledger, made);
  const command = bootable.driver.command({
    configuration,
    ...bootable,
    name: labName,
    guestArguments: guestArguments(configuration, plan),
    tap: { device: plan.guest.tap, mac: plan.guest.mac },
    folder,
    runtimeFolder: sockets,
    jailFolder: jailFolder(basename(sockets), ledger, made),
  });
  layOut(command, folder, made);
  const consoleLog = rawFileStream(join(folder, 'console.log'));
  // A full disk: the trial goes on without its log, and fails by itself where it must write.
  consoleLog.on('error', () => undefined);
  made.defer(async () => {
    await new Promise<void>((resolve) => consoleLog.end(resolve));
  });
  const stderrFile = join(folder, 'vmm.stderr');
  const output = makeOutput(bootable.driver, { stderrFile, log: command.log });
  const { vmm, line } = await startVmm(namespace, command, { pipe: join(sockets, 'console.in'), stderrFile, made });
  const identity = identityOf(vmm.pid);
  if (identity !== null) made.defer(ledger.note({ kind: 'process', ...identity, what: 'VMM' }));
  const { powerOff: request } = command;
  if (request !== null)
    made.defer(async () => {
      await powerOff(request, vmm);
    });
  const channel = new Channel(vmm, line, (text) => consoleLog.write(text));
  const receiver = {
    start: async (argv: readonly string[]) => await namespace.spawn(argv, { stdin: 'pipe', stdout: 'pipe' }),
    address,
  };
  const guest = new Guest({ name: 'vm', address: plan.guest.address.replace(/\/.*/, ''), channel, receiver, folder });
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
