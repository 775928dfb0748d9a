import { join } from 'node:path';
import type { SerialLine } from '../guest/channel.ts';
import { deathWatch } from '../lab/death-watch.ts';
import { Fifo } from '../lab/fifo.ts';
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

export interface VmmStart {
  readonly namespace: Namespace;
  readonly command: VmmCommand;
  /** null: it runs as we do. */
  readonly user: OwnUser | null;
  /** Whether it is started as its user, or changes to it itself. */
  readonly changesItself: boolean;
  /** For pipes, and copies of what its user could not read. */
  readonly folder: string;
  /** Takes its stderr. */
  readonly stderrFile: string;
  readonly ledger: Ledger;
  readonly made: AsyncDisposableStack;
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

/** Starts it as it is, or as its user, with the files open that it reads. */
async function spawnAs(start: VmmStart, options: StartOptions): Promise<StartedProcess> {
  const { namespace, command, user, changesItself, folder } = start;
  if (user === null || changesItself) return await namespace.spawn(command.argv, options);
  using handed = handOver(command.argv, command.reads ?? [], { userId: user.id, folder });
  return await namespace.spawn(asOwnUser(handed.argv, user, folder), { ...options, files: handed.descriptors });
}

async function spawn(start: VmmStart, options: StartOptions): Promise<StartedProcess> {
  const { command, user, changesItself, ledger, made } = start;
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
  const { command, folder, stderrFile, made } = start;
  if (command.consoleSocket !== undefined) {
    const vmm = await spawn(start, { stderrFile });
    return { vmm, line: made.use(new SerialSocket(command.consoleSocket, vmm)) };
  }
  const fifo = made.use(await Fifo.create(join(folder, 'console.in')));
  const vmm = await spawn(start, { stdin: fifo.readEnd, stdout: 'pipe', stderrFile });
  fifo.handOver();
  return { vmm, line: { input: fifo.input, output: vmm.stdout } };
}
