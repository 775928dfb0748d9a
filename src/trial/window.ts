import { join } from 'node:path';
import type { Phases } from '../lab/phases.ts';
import { memoryOrReason } from '../probe/vmm-memory.ts';
import type { TapbenchError } from '../record/error.ts';
import type { LinkReading, VmmMemory } from '../record/probe-readings.ts';
import type { Window } from '../record/window.ts';
import { makeRawFolder } from '../store/raw-file.ts';
import type { WorkloadPlace } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';
import type { World } from '../world/world.ts';
import { type Barrier, clientsAtBarrier, guestFolder } from './barrier.ts';
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
import { type Load, trafficTimes } from './load.ts';
import { ownedServers, type Server, type Servers, startServers } from './serve.ts';
import { trafficEnd } from './traffic.ts';

export interface WindowOptions {
  readonly world: World;
  /** The workloads that share it. */
  readonly loads: readonly Load[];
  readonly edges: Edges;
  /** Folder of the trial that raw files go to. */
  readonly trialFolder: string;
  /** What its phases are called. */
  readonly name: string;
  readonly keepsLog: boolean;
  readonly onRate: (rate: { bitsPerSecond: number; packetsPerSecond: number }) => void;
  readonly phases: Phases;
  /** Servers of each workload that were started ahead, while the guests booted; null: they are started now. */
  readonly servers: readonly (Promise<Servers> | null)[];
}

/** What was read of one machine beside the edges. */
export interface MachineOutcome {
  readonly machine: Machine;
  /** Its tap, from the edges. */
  readonly link: LinkReading | null;
  /** The guest's /proc/stat and /proc/meminfo at its edges, as text. */
  readonly guestTexts: string;
  readonly vmmCounters: CountedByVmm;
  /** Just after the closing edge; why not, where it could not be read. */
  readonly vmmMemory: VmmMemory | TapbenchError;
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
  const { world, edges, phases, name, trialFolder } = options;
  const commands = commandsOf(options);
  await using servers = await phases.time(`${name} server`, async () => await serversFor(options, commands));
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
  const atEnd = machinesAtEnd(world, readings, vmmCounters);
  const left = await phases.time(
    `${name} collect`,
    async () => await loadByLoad(options, endedFlows, async (flow) => await collected(flow, trialFolder)),
  );
  await guestTexts.end(left);
  return {
    window: { startNs, endNs },
    startedAt,
    readings,
    machines: atEnd.map((own) => ({ ...own, guestTexts: guestTexts.of(own.machine) })),
    flows: await loadByLoad(options, left, async (flow) => await outcomeOf(flow, trialFolder)),
  };
}

/** What is known of each machine once the window is closed. */
function machinesAtEnd(
  world: World,
  readings: EdgeReadings,
  vmmCounters: readonly CountedByVmm[],
): Omit<MachineOutcome, 'guestTexts'>[] {
  return world.machines.map((machine, index) => ({
    machine,
    link: linkOf(world, machine, readings),
    vmmCounters: vmmCounters[index] ?? null,
    vmmMemory: memoryOrReason(machine.vmm.pid),
  }));
}

/** What was read of a machine's tap. */
function linkOf({ plan }: World, machine: Machine, { links }: EdgeReadings): LinkReading | null {
  return links[plan.links.findIndex((link) => link.machine === machine.plan.name)] ?? null;
}

/** Does something for the flows of one workload after another: a guest that serves or runs several answers one request at a time. */
async function loadByLoad<T extends { readonly load: Load }, R>(
  { loads }: WindowOptions,
  flows: readonly T[],
  work: (flow: T) => Promise<R>,
): Promise<R[]> {
  const done: R[] = [];
  for (const load of loads) {
    const own = flows.filter((flow) => flow.load === load);
    done.push(...(await Promise.all(own.map(work))));
  }
  return done;
}

/** What is run for each flow of each workload. One flow has its workload's folder, of several each has a folder of its name in it. */
function commandsOf({ world, loads, trialFolder, keepsLog }: WindowOptions): FlowCommands[] {
  const flows = flowsOf(world);
  return loads.flatMap((load) =>
    flows.map((flow) => {
      const part = flows.length === 1 ? load.part : join(load.part, flow.plan.name);
      makeRawFolder(join(trialFolder, part));
      const inGuest = loads.length === 1 ? '/tmp' : guestFolder(load);
      const place: WorkloadPlace = {
        serverAddress: flow.plan.address,
        clientFolder: flow.client.kind === 'guest' ? inGuest : join(trialFolder, part),
        keepsLog,
      };
      return { flow, load, part, server: load.workload.server(place), client: load.workload.client(place) };
    }),
  );
}

/** The servers of each workload that were started ahead, or those that are started now. */
async function serversFor(options: WindowOptions, commands: readonly FlowCommands[]): Promise<Servers> {
  const { loads, servers, world } = options;
  await using made = new AsyncDisposableStack();
  const all: (Server | null)[] = [];
  for (const [index, load] of loads.entries()) {
    const wanted = commands.filter((one) => one.load === load).map(({ flow, server }) => ({ flow, command: server }));
    const own = await (servers[index] ?? startServers(wanted, world.generatorPrefix));
    made.use(own);
    all.push(...own.all);
  }
  return ownedServers(all, made.move());
}

/** Has the CPU time of tools on this host counted as the experiment's own. @param tools of each flow of each workload */
function watchTools(
  { edges, loads }: WindowOptions,
  part: 'server' | 'client',
  tools: readonly ({ readonly pid: number | null } | null)[],
): void {
  const flows = tools.length / loads.length;
  for (const [index, tool] of tools.entries()) {
    const pid = tool?.pid ?? null;
    const spec = loads[Math.floor(index / flows)]?.spec;
    if (pid === null || spec === undefined) continue;
    const number = flows === 1 ? '' : ` ${String((index % flows) + 1)}`;
    edges.watch({ name: `${loads.length === 1 ? spec.kind : spec.name} ${part}${number}`, pid });
  }
}

/** Has every client wait for one moment. */
async function atBarrier(
  { world, loads, trialFolder }: WindowOptions,
  commands: readonly FlowCommands[],
  gate: number,
): Promise<Barrier> {
  return await clientsAtBarrier(commands, {
    gateMs: gate,
    prefix: world.generatorPrefix,
    folder: join(trialFolder, loads[0]?.part ?? ''),
    limitMs: trafficTimes(loads).trafficNs / 1e6 + clientSlackMs,
  });
}

function runningFlows(commands: readonly FlowCommands[], servers: Servers, { runs }: Barrier): RunningFlow[] {
  return commands.flatMap((own, index) => {
    const [serving, run] = [servers.all[index], runs[index]];
    return serving === undefined || run === undefined ? [] : [{ ...own, serving, run }];
  });
}

/** Waits for the end of the traffic on each flow's link, of all workloads; clients that have fallen silent are asked whether they still run. */
async function untilClientsEnd(
  { world, loads, edges, onRate }: WindowOptions,
  flows: readonly RunningFlow[],
  startNs: number,
): Promise<EndedFlow[]> {
  const { trafficNs, silentNs } = trafficTimes(loads);
  const onLink = world.plan.flows.map(({ name }) => flows.filter(({ flow }) => flow.plan.name === name));
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
      for (const { run } of onLink[index] ?? []) run.ask();
    },
    hasEnded: (index) => onLink[index]?.every(isOver) ?? true,
  });
  return onLink.flatMap((own, index) => {
    const traffic = all[index];
    return traffic === undefined ? [] : own.map((flow) => ({ ...flow, traffic }));
  });
}

/** @throws why, where nothing can come of any flow any more */
function demandAlive(flows: readonly RunningFlow[]): void {
  const broken = flows.map(({ flow }) => brokenEnd(flow));
  const [first] = broken;
  if (first !== undefined && first !== null && !broken.includes(null)) throw first;
}
