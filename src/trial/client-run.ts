import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicNs } from '../lab/clock.ts';
import type { StartedProcess } from '../lab/process.ts';
import { makeRawFolder } from '../store/raw-file.ts';
import type { RawOutput } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';

/** The client of one window, at whichever end it runs. */
export interface ClientRun {
  /** Process id on this host; null for a client in the guest. */
  readonly pid: number | null;
  /** Starts it, or says when it starts by itself: CLOCK_MONOTONIC ns. The opening edge was read before. */
  begin(): Promise<number>;
  /** True once it is known to be gone. */
  hasEnded(): boolean;
  /** Asks a client that has gone silent whether it still runs; costs console bytes where it is in the guest. */
  ask(): void;
  /** What it left, after the window was closed: output, and the guest's resources at both edges as text. */
  collect(outputs: Readonly<Record<string, string>>, folder: string): Promise<{ output: RawOutput; resources: string }>;
}

export interface ClientOptions {
  readonly machine: Machine;
  readonly argv: readonly string[];
  readonly gateMs: number;
  /** The client is ended after this. */
  readonly limitMs: number;
  /** What it may print on stdout, and on stderr. */
  readonly mostOutputBytes: number;
}

const controlDeadlineMs = 10_000;
const graceMs = 1_000;

/** A client in the guest: it starts by itself when the gate has passed, and the guest stays silent until it is asked. */
export async function guestClient({
  machine,
  argv,
  gateMs,
  limitMs,
  mostOutputBytes,
}: ClientOptions): Promise<ClientRun> {
  const { guest } = machine;
  const armed = await guest.arm(argv, { gateMs, limitMs });
  const startsNs = monotonicNs() + gateMs * 1e6;
  let hasReplied = false;
  return {
    pid: null,
    begin: () => Promise.resolve(startsNs),
    hasEnded: () => hasReplied || guest.channel.broken !== null,
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

/** A client in the namespace: started at once when the opening edge was read. */
export async function namespaceClient({ machine, argv, limitMs, mostOutputBytes }: ClientOptions): Promise<ClientRun> {
  const { guest, namespace, generatorPrefix } = machine;
  const resources = async (): Promise<string> => (await guest.evaluate('cat /proc/stat', controlDeadlineMs)).stdout;
  const before = await resources();
  let client: StartedProcess | null = null;
  let limit: NodeJS.Timeout | undefined;
  return {
    get pid() {
      return client?.pid ?? null;
    },
    begin: async () => {
      const startNs = monotonicNs();
      const started = await namespace.spawn([...generatorPrefix, ...argv], { collectLimit: mostOutputBytes });
      client = started;
      limit = setTimeout(() => void started.stop(graceMs), limitMs);
      return startNs;
    },
    hasEnded: () => client?.hasEnded === true || guest.channel.broken !== null,
    ask: () => undefined,
    collect: async (outputs, folder) => {
      const result = await client?.ended;
      clearTimeout(limit);
      const after = await resources();
      const memory = (await guest.evaluate('cat /proc/meminfo', controlDeadlineMs)).stdout;
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
      return { output, resources: `${before}===\n${after}===\n${memory}` };
    },
  };
}
