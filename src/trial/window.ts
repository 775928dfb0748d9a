import { join } from 'node:path';
import type { Phases } from '../lab/phases.ts';
import type { ProcessResult } from '../lab/process.ts';
import type { VmmCounterProbe } from '../probe/vmm-counters.ts';
import { TapbenchError } from '../record/error.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import type { CommandRecord } from '../record/measurement.ts';
import type { VmmCounters } from '../record/probe-readings.ts';
import type { Window } from '../record/window.ts';
import { makeRawFolder, writeRawFile } from '../store/raw-file.ts';
import type { BoundWorkload } from '../workload/bound-workload.ts';
import type { ClientCommand, RawOutput, ServerCommand, WorkloadPlace } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';
import { type ClientRun, guestClient, namespaceClient } from './client-run.ts';
import type { EdgeReadings, Edges } from './edges.ts';
import { guestServer, namespaceServer, type Server } from './serve.ts';
import { trafficEnd } from './traffic.ts';

export interface WindowOptions {
  readonly machine: Machine;
  readonly workload: BoundWorkload;
  readonly spec: WorkloadSpec;
  readonly edges: Edges;
  /** null: the VMM has no counters of its own. */
  readonly vmmCounters: VmmCounterProbe | null;
  /** Folder of the trial that raw files go to, and the folder in it, relative. */
  readonly trialFolder: string;
  readonly part: string;
  readonly keepsLog: boolean;
  readonly onRate: (rate: { bitsPerSecond: number; packetsPerSecond: number }) => void;
  readonly phases: Phases;
  /** A server that was started ahead, while the guest booted; null: it is started now. */
  readonly server: Promise<Server> | null;
}

/** One window: what the tools left, what the probes read, and what was said on the command lines. */
export interface WindowOutcome {
  readonly window: Window;
  readonly startedAt: string;
  readonly raw: RawOutput;
  /** The guest's /proc/stat and /proc/meminfo at its edges, as text. */
  readonly guestTexts: string;
  readonly readings: EdgeReadings;
  /** What the VMM itself counted; why not, where it did not answer. */
  readonly vmmCounters: VmmCounters | TapbenchError | null;
  /** No server where the kernel answers by itself. */
  readonly commands: { readonly server: CommandRecord | null; readonly client: CommandRecord };
}

/**
 * Between the guest's "armed" and its start of the client, in silence. The opening edge must be read within it:
 * a few ms, and up to ten more where bpftrace has to print its maps.
 */
const gateMs = 60;
const tracedGateMs = 150;
/** The gate on a machine that is slower than that (a busy or an emulated one), in times of what a rehearsal of the edge took there. */
const gatePerRehearsal = 4;
/** How much of the gate a tracer may use up before it is given up: the other probes must be read within it, too. */
const tracerShareOfGate = 0.75;
/** How much longer than its traffic a client may take: start, connection, summing up, writing its log. */
const clientSlackMs = 30_000;
/** Silence before the expected end after which the client must be asked: it may have failed. sockperf itself pauses for 2 s. */
const stallNs = 5e9;

/**
 * The console stays silent from before the client's start to the closing edge. The window closes when the link has gone quiet,
 * or when the client is known to have ended; only then is the guest asked for anything.
 */
export async function runWindow(options: WindowOptions): Promise<WindowOutcome> {
  const { machine, workload, spec, edges, phases, part } = options;
  const { plan, guest } = machine;
  const folder = join(options.trialFolder, part);
  makeRawFolder(folder);
  const isGuestClient = plan.client === 'guest';
  const place: WorkloadPlace = {
    serverAddress: plan.server === 'guest' ? guest.address : plan.namespace.address,
    clientFolder: isGuestClient ? '/tmp' : folder,
    keepsLog: options.keepsLog,
  };
  const server = workload.server(place);
  const client = workload.client(place);
  await using serving = await phases.time(`${part} server`, async () => {
    if (server === null) return null;
    if (options.server !== null) return await options.server;
    return plan.server === 'guest' ? await guestServer(guest, server) : await namespaceServer(machine, server);
  });
  const serverPid = serving?.pid ?? null;
  if (serverPid !== null) edges.watch({ name: `${spec.kind} server`, pid: serverPid });
  const counted = await countedByVmm(options.vmmCounters);
  const assignments = Object.entries(client.env).map(([key, value]) => `${key}=${value}`);
  const rehearsalMs = await edges.rehearse();
  const gate = Math.max(edges.isTraced ? tracedGateMs : gateMs, Math.ceil(rehearsalMs * gatePerRehearsal));
  const run = await (isGuestClient ? guestClient : namespaceClient)({
    machine,
    argv: assignments.length === 0 ? client.argv : ['env', ...assignments, ...client.argv],
    gateMs: gate,
    limitMs: workload.trafficNs / 1e6 + clientSlackMs,
    mostOutputBytes: workload.mostOutputBytes,
  });
  const startedAt = new Date().toISOString();
  const startNs = await edges.open(gate * tracerShareOfGate);
  const clientStartNs = await run.begin();
  edges.demandBefore(clientStartNs);
  if (run.pid !== null) edges.watch({ name: `${spec.kind} client`, pid: run.pid });
  await untilClientEnds(options, run, clientStartNs);
  if (guest.channel.broken !== null) throw guest.channel.broken;
  const { readings, endNs } = await edges.close();
  const vmmCounters = await counted();
  const { output, resources } = await phases.time(
    `${part} collect`,
    async () => await run.collect(client.outputs, folder),
  );
  const serverResult = (await serving?.stop()) ?? null;
  return {
    window: { startNs, endNs },
    startedAt,
    raw: serverResult === null ? output : { ...output, serverStdout: serverResult.stdout },
    guestTexts: resources,
    readings,
    vmmCounters,
    commands: commandsOf(options, { server, client, output, serverResult }),
  };
}

interface Run {
  readonly server: ServerCommand | null;
  readonly client: ClientCommand;
  readonly output: RawOutput;
  readonly serverResult: ProcessResult | null;
}

/** What was run at the two ends, and where its output is kept. */
function commandsOf(options: WindowOptions, { server, client, output, serverResult }: Run): WindowOutcome['commands'] {
  const { plan, guest } = options.machine;
  const files = keepRaw(options, output, serverResult?.stdout ?? '');
  const [serverEnd, clientEnd] = plan.client === 'guest' ? ['host', guest.name] : [guest.name, 'host'];
  const told = { endpoint: clientEnd, argv: [...client.argv], exitStatus: output.exitStatus, files: files.client };
  if (server === null || serverResult === null) return { server: null, client: told };
  const { exitStatus } = serverResult;
  return { server: { endpoint: serverEnd, argv: [...server.argv], exitStatus, files: files.server }, client: told };
}

/** The VMM is asked before the guest is armed and after the closing edge: nothing but ARP crosses the card between these and the window. */
async function countedByVmm(probe: VmmCounterProbe | null): Promise<() => Promise<WindowOutcome['vmmCounters']>> {
  if (probe === null) return async () => await Promise.resolve(null);
  const refused = (error: unknown): TapbenchError => {
    if (error instanceof TapbenchError) return error;
    throw error;
  };
  const before = await probe.snapshot().catch(refused);
  return async () => {
    if (before instanceof TapbenchError) return before;
    const after = await probe.snapshot().catch(refused);
    return after instanceof TapbenchError ? after : probe.difference(before, after);
  };
}

/** Waits for the end of the traffic; a client that has fallen silent is asked whether it still runs. */
async function untilClientEnds(options: WindowOptions, run: ClientRun, startNs: number): Promise<void> {
  const { workload, edges, onRate } = options;
  const { trafficNs, silentNs } = workload;
  const watch = {
    read: () => edges.linkTotals(),
    startNs,
    trafficNs,
    silentNs,
    limitNs: trafficNs + clientSlackMs * 1e6,
    onRate,
    stallNs,
    hasEnded: () => run.hasEnded(),
  };
  if ((await trafficEnd(watch)) !== 'stalled') return;
  run.ask();
  await trafficEnd({ ...watch, stallNs: Number.POSITIVE_INFINITY });
}

/** Keeps what the tools printed, word for word; gives the names relative to the trial's folder. */
function keepRaw(
  options: WindowOptions,
  output: RawOutput,
  serverText: string,
): { server: string[]; client: string[] } {
  const keep = (name: string, text: string): string[] => {
    if (text === '') return [];
    const relative = join(options.part, name);
    writeRawFile(join(options.trialFolder, relative), text);
    return [relative];
  };
  return {
    server: keep('server.stdout', serverText),
    client: [
      ...keep('client.stdout', output.stdout),
      ...keep('client.stderr', output.stderr),
      ...Object.keys(output.files).map((name) => join(options.part, name)),
    ],
  };
}
