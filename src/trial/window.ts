import { join } from 'node:path';
import type { Phases } from '../lab/phases.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import type { LinkReading } from '../record/probe-readings.ts';
import type { Window } from '../record/window.ts';
import { makeRawFolder } from '../store/raw-file.ts';
import type { BoundWorkload } from '../workload/bound-workload.ts';
import type { WorkloadPlace } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';
import type { World } from '../world/world.ts';
import { type Barrier, clientsAtBarrier } from './barrier.ts';
import { type CountedByVmm, countedByVmms } from './counted-by-vmm.ts';
import type { EdgeReadings, Edges } from './edges.ts';
import {
  collected,
  type EndedFlow,
  type FlowCommands,
  type FlowFailure,
  type FlowOutcome,
  outcomeOf,
  type RunningFlow,
} from './flow-outcome.ts';
import { brokenEnd, flowsOf } from './flows.ts';
import { GuestTexts } from './guest-texts.ts';
import { type Servers, startServers } from './serve.ts';
import { trafficEnd } from './traffic.ts';

export interface WindowOptions {
  readonly world: World;
  readonly workload: BoundWorkload;
  readonly spec: WorkloadSpec;
  readonly edges: Edges;
  /** Folder of the trial that raw files go to, and the folder in it, relative. */
  readonly trialFolder: string;
  readonly part: string;
  readonly keepsLog: boolean;
  readonly onRate: (rate: { bitsPerSecond: number; packetsPerSecond: number }) => void;
  readonly phases: Phases;
  /** Servers that were started ahead, while the guests booted; null: they are started now. */
  readonly servers: Promise<Servers> | null;
}

/** What was read of one machine beside the edges. */
export interface MachineOutcome {
  readonly machine: Machine;
  /** Its tap, from the edges. */
  readonly link: LinkReading | null;
  /** The guest's /proc/stat and /proc/meminfo at its edges, as text. */
  readonly guestTexts: string;
  readonly vmmCounters: CountedByVmm;
}

/** One window: what the tools left, what the probes read, and what was said on the command lines. */
export interface WindowOutcome {
  readonly window: Window;
  readonly startedAt: string;
  readonly flows: readonly (FlowOutcome | FlowFailure)[];
  /** In the order of the world. */
  readonly machines: readonly MachineOutcome[];
  readonly readings: EdgeReadings;
}

/**
 * Between the guest's "armed" and its start of the client, in silence. The opening edge must be read within it:
 * a few ms, and up to ten more where bpftrace has to print its maps. No longer than that: the guest idles meanwhile, and so does its
 * emulated TLB (see init.sh).
 */
const gateMs = 30;
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
 * The consoles stay silent from before the clients' start to the closing edge. The window closes when all links have gone quiet,
 * or when the clients are known to have ended; only then are the guests asked for anything.
 */
export async function runWindow(options: WindowOptions): Promise<WindowOutcome> {
  const { world, edges, phases, part, trialFolder } = options;
  const commands = commandsOf(options);
  await using servers = await phases.time(`${part} server`, async () => await serversFor(options, commands));
  watchTools(options, 'server', servers.all);
  const counted = await countedByVmms(world.machines);
  const rehearsalMs = await edges.rehearse();
  const gate = Math.max(edges.isTraced ? tracedGateMs : gateMs, Math.ceil(rehearsalMs * gatePerRehearsal));
  const guestTexts = await GuestTexts.begin(commands);
  using barrier = await atBarrier(options, commands, gate);
  const flows = runningFlows(commands, servers, barrier);
  const startedAt = new Date().toISOString();
  const startNs = await edges.open(gate * tracerShareOfGate);
  const starts = await Promise.all(flows.map(async ({ run }) => await run.begin()));
  const clientStartNs = Math.min(...starts);
  edges.demandBefore(clientStartNs);
  const clients = flows.map(({ run }) => run);
  watchTools(options, 'client', clients);
  const endedFlows = await untilClientsEnd(options, flows, clientStartNs);
  demandAlive(flows);
  const { readings, endNs } = await edges.close();
  const vmmCounters = await counted();
  const left = await phases.time(
    `${part} collect`,
    async () => await Promise.all(endedFlows.map(async (flow) => await collected(flow, trialFolder))),
  );
  await guestTexts.end(left);
  return {
    window: { startNs, endNs },
    startedAt,
    readings,
    machines: world.machines.map((machine, index) => ({
      machine,
      link: linkOf(world, machine, readings),
      guestTexts: guestTexts.of(machine),
      vmmCounters: vmmCounters[index] ?? null,
    })),
    flows: await Promise.all(left.map(async (flow) => await outcomeOf(flow, trialFolder))),
  };
}

/** What was read of a machine's tap. */
function linkOf({ plan }: World, machine: Machine, { links }: EdgeReadings): LinkReading | null {
  return links[plan.links.findIndex((link) => link.machine === machine.plan.name)] ?? null;
}

/** What is run for each flow. One flow has the window's folder, of several each has a folder of its name in it. */
function commandsOf({ world, workload, trialFolder, part, keepsLog }: WindowOptions): FlowCommands[] {
  const flows = flowsOf(world);
  return flows.map((flow) => {
    const own = flows.length === 1 ? part : join(part, flow.plan.name);
    makeRawFolder(join(trialFolder, own));
    const place: WorkloadPlace = {
      serverAddress: flow.plan.address,
      clientFolder: flow.client.kind === 'guest' ? '/tmp' : join(trialFolder, own),
      keepsLog,
    };
    return { flow, part: own, server: workload.server(place), client: workload.client(place) };
  });
}

/** The servers that were started ahead, or those that are started now. */
async function serversFor({ servers, world }: WindowOptions, commands: readonly FlowCommands[]): Promise<Servers> {
  if (servers !== null) return await servers;
  return await startServers(
    commands.map(({ flow, server }) => ({ flow, command: server })),
    world.generatorPrefix,
  );
}

/** Has the CPU time of tools on this host counted as the experiment's own. */
function watchTools(
  { edges, spec }: WindowOptions,
  part: 'server' | 'client',
  tools: readonly ({ readonly pid: number | null } | null)[],
): void {
  for (const [index, tool] of tools.entries()) {
    const pid = tool?.pid ?? null;
    const number = tools.length === 1 ? '' : ` ${String(index + 1)}`;
    if (pid !== null) edges.watch({ name: `${spec.kind} ${part}${number}`, pid });
  }
}

/** Has every client wait for one moment. */
async function atBarrier(
  { world, workload, trialFolder, part }: WindowOptions,
  commands: readonly FlowCommands[],
  gate: number,
): Promise<Barrier> {
  return await clientsAtBarrier(commands, {
    gateMs: gate,
    prefix: world.generatorPrefix,
    folder: join(trialFolder, part),
    limitMs: workload.trafficNs / 1e6 + clientSlackMs,
    mostOutputBytes: workload.mostOutputBytes,
  });
}

function runningFlows(commands: readonly FlowCommands[], servers: Servers, { runs }: Barrier): RunningFlow[] {
  return commands.flatMap((own, index) => {
    const [serving, run] = [servers.all[index], runs[index]];
    return serving === undefined || run === undefined ? [] : [{ ...own, serving, run }];
  });
}

/** Waits for the end of the traffic; a client that has fallen silent is asked whether it still runs. */
async function untilClientsEnd(
  { workload, edges, onRate }: WindowOptions,
  flows: readonly RunningFlow[],
  startNs: number,
): Promise<EndedFlow[]> {
  const { trafficNs, silentNs } = workload;
  const isOver = ({ run, flow }: RunningFlow): boolean => run.hasEnded() || brokenEnd(flow) !== null;
  const all = await trafficEnd({
    read: () => edges.linkTotals(),
    startNs,
    trafficNs,
    silentNs,
    limitNs: trafficNs + clientSlackMs * 1e6,
    onRate,
    stallNs,
    onStalled: (index) => {
      flows[index]?.run.ask();
    },
    hasEnded: (index) => flows[index] === undefined || isOver(flows[index]),
  });
  return flows.flatMap((flow, index) => {
    const traffic = all[index];
    return traffic === undefined ? [] : [{ ...flow, traffic }];
  });
}

/** @throws why, where nothing can come of any flow any more */
function demandAlive(flows: readonly RunningFlow[]): void {
  const broken = flows.map(({ flow }) => brokenEnd(flow));
  const [first] = broken;
  if (first !== undefined && first !== null && !broken.includes(null)) throw first;
}
