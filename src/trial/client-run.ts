import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { leftIn, together } from '../guest/together.ts';
import { monotonicNs } from '../lab/clock.ts';
import type { Gate } from '../lab/gate.ts';
import type { Namespace } from '../lab/namespace.ts';
import type { StartedProcess } from '../lab/process.ts';
import { makeRawFolder } from '../store/raw-file.ts';
import type { RawOutput } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';

/** The client of one flow in one window, at whichever end it runs. */
export interface ClientRun {
  /** Process id on this host; null for a client in the guest. */
  readonly pid: number | null;
  /** Starts it, or says when it starts by itself: CLOCK_MONOTONIC ns. The opening edge was read before. */
  begin(): Promise<number>;
  /** True once it is known to be gone. */
  hasEnded(): boolean;
  /** Asks a client that has gone silent whether it still runs; costs console bytes where it is in the guest. */
  ask(): void;
  /** What it left, after the window was closed. */
  collect(outputs: Readonly<Record<string, string>>, folder: string): Promise<Collected>;
}

export interface Collected {
  readonly output: RawOutput;
  /** The resources of the client's guest at both edges, as text; null for a client on the host. */
  readonly resources: string | null;
}

export interface ClientOptions {
  readonly argv: readonly string[];
  /** The client is ended after this. */
  readonly limitMs: number;
  /** What it may print on stdout, and on stderr. */
  readonly mostOutputBytes: number;
}

const graceMs = 1_000;

/** A client in the guest: it starts by itself when the gate has passed, and the guest stays silent until it is asked. */
export async function guestClient(
  { guest }: Pick<Machine, 'guest'>,
  { argv, limitMs, mostOutputBytes }: ClientOptions,
  { gateMs, isReady }: { gateMs: number; isReady: boolean },
): Promise<ClientRun> {
  const armed = await guest.arm(argv, { gateMs, limitMs, isReady });
  const startsNs = monotonicNs() + gateMs * 1e6;
  let hasReplied = false;
  return {
    pid: null,
    begin: () => Promise.resolve(startsNs),
    hasEnded: () => hasReplied,
    ask: () => {
      armed.ask();
      const settle = (): void => {
        hasReplied = true;
      };
      armed.reply.then(settle, settle);
    },
    collect: async (outputs, folder) => {
      const wanted = Object.entries(outputs).map(([name, from]) => ({ name, from, to: join(folder, name) }));
      const { status, stdout, stderr, resources } = await guest.collect(armed, wanted, mostOutputBytes);
      const files = status === 0 ? Object.fromEntries(wanted.map(({ name, to }) => [name, to])) : {};
      return { output: { stdout, stderr, exitStatus: status, files }, resources };
    },
  };
}

const controlDeadlineMs = 10_000;

/** One of several clients in one guest. */
export interface FolderClient extends Omit<ClientOptions, 'limitMs'> {
  /** In the guest; what it leaves is there. */
  readonly folder: string;
}

/** Several clients in one guest: one window, which ends with the last of them. What each left is asked for one after another, as a guest answers one request at a time. */
export async function guestClients(
  { guest }: Pick<Machine, 'guest'>,
  clients: readonly FolderClient[],
  { gateMs, isReady, limitMs }: { gateMs: number; isReady: boolean; limitMs: number },
): Promise<ClientRun[]> {
  const window = await guestClient(
    { guest },
    { argv: together(clients), limitMs, mostOutputBytes: 0 },
    { gateMs, isReady },
  );
  let ended: Promise<Collected> | null = null;
  return clients.map(({ folder: left, mostOutputBytes }) => ({
    ...window,
    collect: async (outputs, folder) => {
      const { resources } = await (ended ??= window.collect({}, folder));
      const { stdout, stderr, exitStatus } = await guest.evaluate(leftIn(left), controlDeadlineMs, mostOutputBytes);
      const files: Record<string, string> = {};
      if (exitStatus === 0) {
        for (const [name, from] of Object.entries(outputs)) {
          files[name] = join(folder, name);
          await guest.fetch(from, files[name]);
        }
      }
      return { output: { stdout, stderr, exitStatus, files }, resources };
    },
  }));
}

/** A client in a namespace: started when the opening edge was read; of several, before that, behind one gate. */
export async function namespaceClient(
  namespace: Namespace,
  { argv, limitMs, mostOutputBytes }: ClientOptions,
  gate: Gate | null,
): Promise<ClientRun> {
  const spawned = async (words: readonly string[], files: readonly number[]): Promise<StartedProcess> =>
    await namespace.spawnTool(words, { collectLimit: mostOutputBytes, files });
  let client = gate === null ? null : await spawned(gate.behind(argv), [gate.descriptor]);
  let limit: NodeJS.Timeout | undefined;
  return {
    get pid() {
      return client?.pid ?? null;
    },
    begin: async () => {
      const startNs = gate?.open() ?? monotonicNs();
      const started = (client ??= await spawned(argv, []));
      limit = setTimeout(() => void started.stop(graceMs), limitMs);
      // A window that is given up leaves it: nobody waits for it then.
      limit.unref();
      return startNs;
    },
    hasEnded: () => client?.hasEnded === true,
    ask: () => undefined,
    collect: async (outputs, folder) => {
      const result = await client?.ended;
      clearTimeout(limit);
      makeRawFolder(folder);
      const files: Record<string, string> = {};
      if (result?.exitStatus === 0) {
        for (const [name, path] of Object.entries(outputs)) {
          files[name] = join(folder, name);
          renameSync(path, files[name]);
        }
      }
      const output = {
        stdout: result?.stdout ?? '',
        stderr: result?.stderr ?? '',
        exitStatus: result?.exitStatus ?? null,
        files,
      };
      return { output, resources: null };
    },
  };
}
