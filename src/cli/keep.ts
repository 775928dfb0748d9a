import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runtimeFolder } from '../host/folders.ts';
import { identityOf } from '../lab/process-identity.ts';
import type { Machine } from '../world/boot.ts';
import type { World } from '../world/world.ts';
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

/** Offers a guest's console on a socket. */
async function offerConsole({ guest }: Machine, path: string): Promise<Disposable> {
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      guest.channel.type(chunk.toString('utf8'));
    });
    socket.on('error', () => undefined);
    // A terminal that was closed leaves a shell behind: it is ended, so that the next one gets in.
    const onClose = (): void => {
      guest.channel.type('\x03\nexit\n');
    };
    socket.once('close', onClose);
    void guest.channel
      .interact((text) => socket.write(text))
      .catch((error: unknown) => socket.write(`${error instanceof Error ? error.message : String(error)}\n`))
      .then(() => {
        socket.off('close', onClose);
        socket.end();
      });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    [Symbol.dispose]: () => {
      server.close();
      rmSync(path, { force: true });
    },
  };
}

/** Leaves the world up and offers the console of its first guest on a socket, until the run is interrupted or a VMM ends. */
export async function keepUntilInterrupted(world: World, signal: AbortSignal): Promise<void> {
  const path = consoleSocket(process.pid);
  const [first] = world.machines;
  using _console = first === undefined ? null : await offerConsole(first, path);
  complain(
    `${first === undefined ? 'the network' : 'the VM'} is up; everything was measured and is about to be stored`,
  );
  if (first !== undefined) complain(`  a shell in the guest:          tapbench shell --to ${path}`);
  for (const { name } of world.namespaces.values())
    complain(`  a shell in its network:        ip netns exec ${name} sh`);
  complain(`  end it:                        Ctrl-C, or kill -INT ${String(process.pid)}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
    for (const { vmm } of world.machines) {
      void vmm.ended.then(() => {
        resolve();
      });
    }
  });
}
