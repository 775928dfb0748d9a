import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runtimeFolder } from '../host/folders.ts';
import { identityOf } from '../lab/process-identity.ts';
import type { Machine } from '../world/boot.ts';
import { complain } from './output.ts';

function consoleSocket(pid: number): string {
  return join(runtimeFolder(), `console-${String(pid)}.sock`);
}

/** Removes the sockets of runs that were killed; gives their paths. */
export function removeDeadConsoles(): string[] {
  const names = existsSync(runtimeFolder()) ? readdirSync(runtimeFolder()) : [];
  const pids = names.flatMap((name) => /^console-(\d+)\.sock$/.exec(name)?.[1] ?? []).map(Number);
  const dead = pids.filter((pid) => identityOf(pid) === null).map(consoleSocket);
  for (const path of dead) rmSync(path, { force: true });
  return dead;
}

/** Leaves the VM up and offers its console on a socket, until the run is interrupted. */
export async function keepUntilInterrupted(machine: Machine, signal: AbortSignal): Promise<void> {
  const path = consoleSocket(process.pid);
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      machine.guest.channel.type(chunk.toString('utf8'));
    });
    socket.on('error', () => undefined);
    // A terminal that was closed leaves a shell behind: it is ended, so that the next one gets in.
    const onClose = (): void => {
      machine.guest.channel.type('\x03\nexit\n');
    };
    socket.once('close', onClose);
    void machine.guest.channel
      .interact((text) => socket.write(text))
      .catch((error: unknown) => socket.write(`${error instanceof Error ? error.message : String(error)}\n`))
      .then(() => {
        socket.off('close', onClose);
        socket.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  complain('the VM is up; everything was measured and is about to be stored');
  complain(`  a shell in the guest:          tapbench shell --to ${path}`);
  complain(`  a shell in its network:        ip netns exec ${machine.namespace.name} sh`);
  complain(`  end it:                        Ctrl-C, or kill -INT ${String(process.pid)}`);
  try {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
      void machine.vmm.ended.then(() => {
        resolve();
      });
    });
  } finally {
    server.close();
    rmSync(path, { force: true });
  }
}
