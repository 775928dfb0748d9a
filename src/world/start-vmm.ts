import { join } from 'node:path';
import type { SerialLine } from '../guest/channel.ts';
import { deathWatch } from '../lab/death-watch.ts';
import { endProcessesOf } from '../lab/end-user.ts';
import { Fifo } from '../lab/fifo.ts';
import { withFileLimit } from '../lab/file-limit.ts';
import type { Ledger } from '../lab/ledger.ts';
import type { Namespace } from '../lab/namespace.ts';
import { asOwnUser, type OwnUser } from '../lab/own-user.ts';
import type { StartedProcess, StartOptions } from '../lab/process.ts';
import { identityOf } from '../lab/process-identity.ts';
import { SerialSocket } from '../lab/serial-socket.ts';
import { unixRequest } from '../lab/unix-http.ts';
import { waitFor } from '../lab/wait.ts';
import type { ApiRequest } from '../record/counter-source.ts';
import type { VmmCommand } from '../vmm/driver.ts';
import { handOver } from './handed-files.ts';
import { unneededVariables } from './vmm-environment.ts';

export interface VmmStart {
  readonly namespace: Namespace;
  readonly command: VmmCommand;
  /** null: it runs as we do. */
  readonly user: OwnUser | null;
  /** Whether it is started as its user, or changes to it itself. */
  readonly changesItself: boolean;
  readonly place: VmmPlace;
}

/** Where a VMM writes, how much, and who ends it. */
export interface VmmPlace {
  /** For pipes, and copies of what its user could not read. */
  readonly folder: string;
  /** Takes its stderr. */
  readonly stderrFile: string;
  /** Of its guest. */
  readonly memoryBytes: number;
  readonly ledger: Ledger;
  readonly made: AsyncDisposableStack;
}

const powerOffDeadlineMs = 2_000;
/** What a VMM may write into one file beside the memory of its guest, which may be a file too (memfd_create(2)). */
const mostWrittenBytes = 256 * 1024 ** 2;
/** Of its last words. */
const mostReadBytes = 1024 ** 2;

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

/** Starts it as it is, or as its user, with the files open that it reads. */
async function spawnAs(start: VmmStart, options: StartOptions): Promise<StartedProcess> {
  const { namespace, command, user, changesItself, place } = start;
  const { folder, memoryBytes } = place;
  const limited = (argv: readonly string[]): string[] => withFileLimit(argv, memoryBytes + mostWrittenBytes);
  const kept = { ...options, env: unneededVariables(process.env), collectLimit: mostReadBytes };
  if (user === null || changesItself) return await namespace.spawn(limited(command.argv), kept);
  using handed = handOver(command.argv, command.reads ?? [], { userId: user.id, folder });
  const argv = limited(asOwnUser(handed.argv, user, folder));
  // Whoever stands in a folder may read what is below, also where it could never have come to.
  return await namespace.spawn(argv, { ...kept, cwd: '/', files: handed.descriptors });
}

async function spawn(start: VmmStart, options: StartOptions): Promise<StartedProcess> {
  const { command, user, changesItself, place } = start;
  const { ledger, made } = place;
  if (user !== null) {
    const settleUser = ledger.note({ kind: 'user', userId: user.id });
    made.defer(async () => {
      await endProcessesOf(user.id);
      settleUser();
    });
  }
  const vmm = await spawnAs(start, options);
  const identity = identityOf(vmm.pid);
  const userId = user === null ? {} : { userId: user.id };
  const settle = identity === null ? null : ledger.note({ kind: 'process', ...identity, what: 'VMM', ...userId });
  const watch = identity !== null && user !== null && changesItself ? await deathWatch(identity) : null;
  made.defer(async () => {
    if (command.powerOff !== null) await powerOff(command.powerOff, vmm);
    await vmm.stop();
    await watch?.stop(0);
    settle?.();
  });
  return vmm;
}

/** Starts the VMM, with the guest's console on its stdin and stdout or on a socket of its own. */
export async function startVmm(start: VmmStart): Promise<{ vmm: StartedProcess; line: SerialLine }> {
  const { command, place } = start;
  const { folder, stderrFile, made } = place;
  if (command.consoleSocket !== undefined) {
    const vmm = await spawn(start, { stderrFile });
    return { vmm, line: made.use(new SerialSocket(command.consoleSocket, vmm)) };
  }
  const fifo = made.use(await Fifo.create(join(folder, 'console.in')));
  const vmm = await spawn(start, { stdin: fifo.readEnd, stdout: 'pipe', stderrFile });
  fifo.handOver();
  return { vmm, line: { input: fifo.input, output: vmm.stdout } };
}
