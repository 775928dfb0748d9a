import type { Guest } from '../guest/machine.ts';
import { isListening, isListeningIn, type ListeningPlace } from '../lab/listening.ts';
import type { Namespace } from '../lab/namespace.ts';
import type { ProcessResult } from '../lab/process.ts';
import { waitFor } from '../lab/wait.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import { commandWords, type ServerCommand } from '../workload/workload.ts';
import type { World } from '../world/world.ts';
import { type Flow, flowsOf } from './flows.ts';

/** A workload's server that listens. */
export interface Server extends AsyncDisposable {
  /** Process id on this host; null for a server in the guest. */
  readonly pid: number | null;
  stop(): Promise<ProcessResult>;
}

/** Those of all flows. */
export interface Servers extends AsyncDisposable {
  /** Of each flow, in their order; null where the kernel answers by itself. */
  readonly all: readonly (Server | null)[];
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

/** @throws TapbenchError `TOOL_FAILED` where it ends or stays deaf instead */
async function namespaceServer(
  { namespace, prefix }: { readonly namespace: Namespace; readonly prefix: readonly string[] },
  command: ServerCommand,
  place: ListeningPlace,
): Promise<Server> {
  const server = await namespace.spawnTool([...prefix, ...command.argv], { env: command.env });
  const isReady = await waitFor(() => (server.hasEnded ? false : isListening(server.pid, place) || null), {
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
async function guestServer(guest: Guest, command: ServerCommand, place: ListeningPlace): Promise<Server> {
  const running = await guest.start(commandWords(command));
  const looks = `cat /proc/net/${place.protocol} /proc/net/${place.protocol}6 2>/dev/null; true`;
  const isReady = await waitFor(
    async () => isListeningIn((await guest.evaluate(looks, readyDeadlineMs)).stdout, place) || null,
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

async function startServer(
  { server, plan }: Flow,
  command: ServerCommand | null,
  prefix: readonly string[],
): Promise<Server | null> {
  if (command === null) return null;
  const place = { ...command.ready, address: plan.address };
  if (server.kind === 'guest') return await guestServer(server.machine.guest, command, place);
  return await namespaceServer({ namespace: server.namespace, prefix }, command, place);
}

/** @param owned what ends them */
export function ownedServers(all: Servers['all'], owned: AsyncDisposableStack): Servers {
  return {
    all,
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
    },
  };
}

/**
 * Starts the server of each flow, where the flow wants it, and waits until its socket is there. None is left where one fails.
 * @param prefix of every load generator on this host
 * @throws TapbenchError `TOOL_FAILED` where one ends or stays deaf instead
 */
export async function startServers(
  wanted: readonly { readonly flow: Flow; readonly command: ServerCommand | null }[],
  prefix: readonly string[],
): Promise<Servers> {
  await using made = new AsyncDisposableStack();
  const starting = wanted.map(async ({ flow, command }) => await startServer(flow, command, prefix));
  const started = await Promise.allSettled(starting);
  const all = started.flatMap((one) => (one.status === 'fulfilled' ? [made.use(one.value)] : []));
  for (const one of started) if (one.status === 'rejected') throw one.reason;
  return ownedServers(all, made.move());
}

/**
 * Starts the first servers of each kind of workload while the guests boot (two of one kind would want the same port). They wait in silence.
 * A failure shows where the server is wanted.
 */
export function serversAhead(world: World, workloads: readonly WorkloadSpec[]): Map<string, Promise<Servers>> {
  const flows = flowsOf(world);
  if (flows.some(({ server }) => server.kind === 'guest')) return new Map();
  const first = workloads.filter((spec, index) => workloads.findIndex(({ kind }) => kind === spec.kind) === index);
  return new Map(
    first.flatMap((spec): [string, Promise<Servers>][] => {
      const workload = workloadFor(spec);
      const wanted = flows.map((flow) => {
        const place = { serverAddress: flow.plan.address, clientFolder: '/tmp', keepsLog: true };
        return { flow, command: workload.server(place) };
      });
      if (wanted.every(({ command }) => command === null)) return [];
      const servers = startServers(wanted, world.generatorPrefix);
      servers.catch(() => undefined);
      return [[spec.name, servers]];
    }),
  );
}
