import type { Guest } from '../guest/machine.ts';
import { isListening, isListeningIn } from '../lab/listening.ts';
import type { ProcessResult } from '../lab/process.ts';
import { waitFor } from '../lab/wait.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import type { ServerCommand } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';

/** A workload's server that listens. */
export interface Server extends AsyncDisposable {
  /** Process id on this host; null for a server in the guest. */
  readonly pid: number | null;
  stop(): Promise<ProcessResult>;
}

const readyDeadlineMs = 10_000;
/** From the signal that asks a server to end to the one that ends it. */
const graceMs = 1_000;
const namespacePollMs = 2;
/** Each look is a request over the console. */
const guestPollMs = 50;

/** Asks a server in the guest to end, and gives it the time to say what it has to. */
function interrupted(pid: number): string {
  const waits = `while kill -0 ${String(pid)} 2>/dev/null && [ $n -lt 50 ]; do usleep 20000; n=$((n + 1)); done`;
  return `kill -INT ${String(pid)} 2>/dev/null; n=0; ${waits}; true`;
}

/** `isReady`: false, it ended; null, it never listened. */
function demandReady(
  isReady: boolean | null,
  command: ServerCommand,
  { stdout, stderr, exitStatus }: ProcessResult,
): TapbenchError {
  const { protocol, port } = command.ready;
  const said = firstComplaint(`${stderr}\n${stdout}`) ?? 'it said nothing';
  const how =
    isReady === null
      ? `does not listen on ${protocol} port ${String(port)}`
      : `ended with status ${String(exitStatus)}`;
  return new TapbenchError('TOOL_FAILED', `the server ${command.argv[0] ?? ''} ${how}: ${said}`);
}

/**
 * Starts a server in the namespace and waits until its socket is there.
 * @throws TapbenchError `TOOL_FAILED` where it ends or stays deaf instead
 */
export async function namespaceServer(
  { namespace, generatorPrefix }: Pick<Machine, 'namespace' | 'generatorPrefix'>,
  command: ServerCommand,
): Promise<Server> {
  const server = await namespace.spawn([...generatorPrefix, ...command.argv], { env: command.env });
  const { protocol, port } = command.ready;
  const isReady = await waitFor(() => (server.hasEnded ? false : isListening(server.pid, protocol, port) || null), {
    deadlineMs: readyDeadlineMs,
    intervalMs: namespacePollMs,
  });
  if (isReady !== true) throw demandReady(isReady, command, await server.stop());
  const stop = async (): Promise<ProcessResult> => await server.stop(graceMs, command.endsBy);
  return {
    pid: server.pid,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

/** The same in the guest. */
export async function guestServer(guest: Guest, command: ServerCommand): Promise<Server> {
  const assignments = Object.entries(command.env).map(([key, value]) => `${key}=${value}`);
  const running = await guest.start(['env', ...assignments, ...command.argv]);
  const { protocol, port } = command.ready;
  const looks = `cat /proc/net/${protocol} /proc/net/${protocol}6 2>/dev/null; true`;
  const isReady = await waitFor(
    async () => isListeningIn((await guest.evaluate(looks, readyDeadlineMs)).stdout, protocol, port) || null,
    { deadlineMs: readyDeadlineMs, intervalMs: guestPollMs },
  );
  if (isReady === null) throw demandReady(null, command, await running.stop());
  let stopped: Promise<ProcessResult> | null = null;
  const stopOnce = async (): Promise<ProcessResult> => {
    if (command.endsBy !== undefined) await guest.evaluate(interrupted(running.pid), readyDeadlineMs);
    return await running.stop();
  };
  const stop = async (): Promise<ProcessResult> => await (stopped ??= stopOnce());
  return {
    pid: null,
    stop,
    [Symbol.asyncDispose]: async () => {
      // A guest that is gone took its server with it.
      if (guest.channel.broken === null) await stop();
    },
  };
}

/**
 * Starts the first server of each kind of workload while the guest boots (two of one kind would want the same port). They wait in silence.
 * A failure shows where the server is wanted.
 */
export function serversAhead(
  machine: Pick<Machine, 'plan' | 'namespace' | 'generatorPrefix'>,
  workloads: readonly WorkloadSpec[],
): Map<string, Promise<Server>> {
  const { plan } = machine;
  if (plan.server !== 'namespace') return new Map();
  const first = workloads.filter((spec, index) => workloads.findIndex(({ kind }) => kind === spec.kind) === index);
  return new Map(
    first.flatMap((spec): [string, Promise<Server>][] => {
      const place = { serverAddress: plan.namespace.address, clientFolder: '/tmp', keepsLog: true };
      const command = workloadFor(spec).server(place);
      if (command === null) return [];
      const server = namespaceServer(machine, command);
      server.catch(() => undefined);
      return [[spec.name, server]];
    }),
  );
}
