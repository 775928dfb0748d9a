import { monotonicNs } from '../lab/clock.ts';
import type { CpuTimesByCpu } from '../probe/cpu-times.ts';
import { HostCpuProbe } from '../probe/host-cpu.ts';
import { type LinkPlace, LinkProbe, type LinkSnapshot, readLinkTotals } from '../probe/link.ts';
import { EndedProcessesProbe, ProcessCpuProbe, type ProcessCpuSnapshot } from '../probe/process-cpu.ts';
import { TapbenchError } from '../record/error.ts';
import type { HostCpu, LinkReading } from '../record/probe-readings.ts';
import type { Machine } from '../world/boot.ts';
import { namespaceOf, type World } from '../world/world.ts';
import type { CallCounter, CallReading } from './call-counters.ts';
import { flowsOf } from './flows.ts';
import { MachineProbe, type MachineReading, type MachineSnapshot } from './machine-probe.ts';
import type { LinkTotals } from './traffic.ts';

/** What all probes read over one window. */
export interface EdgeReadings {
  /** Of each machine, in the order of the world; null for one whose VMM was gone at an edge. */
  readonly machines: readonly (MachineReading | null)[];
  /** Of each link, in the order of the plan. */
  readonly links: readonly LinkReading[];
  readonly hostCpu: HostCpu;
  /** Of each machine; null: nothing was counted. */
  readonly calls: readonly CallReading[] | null;
  /** CPU time of our own process, ns. */
  readonly toolCpuNs: number;
  /** Its resident set at the closing edge, bytes. */
  readonly toolResidentBytes: number;
}

/** A process of the host that belongs to the experiment. */
export interface WatchedProcess {
  readonly name: string;
  readonly pid: number;
  /** Default: a tool. */
  readonly part?: 'tool' | 'tracer';
}

interface Snapshot {
  readonly hostCpu: CpuTimesByCpu;
  readonly machines: readonly (MachineSnapshot | null)[];
  readonly links: readonly LinkSnapshot[];
  readonly processes: readonly ProcessCpuSnapshot[];
  readonly ended: number;
}

/** CPU time of our own process so far, ns. */
function ownCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

export interface EdgeOptions {
  readonly world: World;
  readonly counter: CallCounter | null;
}

/** Some ms are usual for a tracer's edge; a host that is busy with something else may take longer. */
const rehearsalLimitMs = 5_000;

/** The VMMs, their workers in the kernel, and we ourselves. */
function ownProcesses(machines: readonly Machine[], probes: readonly MachineProbe[]): ProcessCpuProbe[] {
  const named = (name: string, index: number): string =>
    machines.length === 1 ? name : `${name} ${machines[index]?.plan.name ?? ''}`;
  const vmms = probes.flatMap(({ processes }, index) =>
    processes.map(({ pid, name }) => new ProcessCpuProbe({ name: named(name, index), part: 'vmm', pid })),
  );
  return [...vmms, new ProcessCpuProbe({ name: 'tapbench', part: 'tapbench', pid: process.pid })];
}

/**
 * Reads every probe at the two edges of one window. The call counter is read first at the opening and last at the closing: nothing
 * moves at either edge, and the time it takes to print its maps must not be in the stretch of the cheap probes.
 */
export class Edges {
  readonly #counter: CallCounter | null;
  readonly #hostCpu = new HostCpuProbe();
  readonly #machines: readonly MachineProbe[];
  readonly #links: LinkProbe;
  readonly #flowLinks: readonly LinkPlace[];
  readonly #processes: ProcessCpuProbe[];
  readonly #ended = new EndedProcessesProbe();
  #opening: Snapshot | null = null;
  #openedNs = 0;
  #openedCpuNs = 0;

  constructor({ world, counter }: EdgeOptions) {
    this.#counter = counter;
    this.#machines = world.machines.map((machine) => new MachineProbe(machine));
    this.#links = new LinkProbe(
      world.plan.links.map(({ namespace, device }) => ({ namespace: namespaceOf(world, namespace), device })),
    );
    this.#flowLinks = flowsOf(world).map(({ link }) => link);
    this.#processes = ownProcesses(world.machines, this.#machines);
    const tracer = counter?.tracerPid ?? null;
    if (tracer !== null) this.#processes.push(new ProcessCpuProbe({ name: 'bpftrace', part: 'tracer', pid: tracer }));
  }

  /** Whether a counter that takes its time is read at the edges. */
  get isTraced(): boolean {
    return (this.#counter?.tracerPid ?? null) !== null;
  }

  /** Counts the CPU of a tool's process on the host as the experiment's own. All of its time counts where it began after the opening edge. */
  watch(process: WatchedProcess): void {
    this.#processes.push(new ProcessCpuProbe({ part: 'tool', ...process }));
  }

  /** Of each flow. */
  linkTotals(): readonly LinkTotals[] {
    return readLinkTotals(this.#flowLinks);
  }

  /** null: its VMM is gone, and the others go on. @throws TapbenchError `PROBE_FAILED` where it is the only one */
  async #machineSnapshot(probe: MachineProbe): Promise<MachineSnapshot | null> {
    if (this.#machines.length === 1) return await probe.snapshot();
    try {
      return await probe.snapshot();
    } catch (error) {
      if (error instanceof TapbenchError) return null;
      throw error;
    }
  }

  async #snapshot(): Promise<Snapshot> {
    return {
      hostCpu: await this.#hostCpu.snapshot(),
      machines: await Promise.all(this.#machines.map(async (probe) => await this.#machineSnapshot(probe))),
      links: await this.#links.snapshot(),
      processes: await Promise.all(this.#processes.map(async (probe) => await probe.snapshot())),
      ended: await this.#ended.snapshot(),
    };
  }

  /** How long the opening edge takes on this machine as it is now, ms: read once for nothing. A tracer that fails at it does not count. */
  async rehearse(): Promise<number> {
    const startNs = monotonicNs();
    const openedNs = await this.open(rehearsalLimitMs);
    return this.#counter === null || this.#counter.failure === null ? (openedNs - startNs) / 1e6 : 0;
  }

  /** The opening edge; its time, CLOCK_MONOTONIC ns. @param tracerLimitMs how long a tracer may take at it */
  async open(tracerLimitMs: number): Promise<number> {
    await this.#counter?.open(tracerLimitMs);
    this.#opening = await this.#snapshot();
    this.#openedNs = monotonicNs();
    this.#openedCpuNs = ownCpuNs();
    return this.#openedNs;
  }

  /** @throws TapbenchError `PROBE_FAILED` where the opening edge came after the client's start: the host was too busy to be on time */
  demandBefore(clientStartNs: number): void {
    const lateNs = this.#openedNs - clientStartNs;
    if (lateNs <= 0) return;
    throw new TapbenchError(
      'PROBE_FAILED',
      `the probes were read ${(lateNs / 1e6).toFixed(0)} ms after the client's start`,
      {
        hint: 'the host is busy with something else: see tapbench doctor',
      },
    );
  }

  /** The closing edge: what happened since `open`. */
  async close(): Promise<{ readings: EdgeReadings; endNs: number }> {
    const opening = this.#opening;
    if (opening === null) throw new TapbenchError('PROBE_FAILED', 'a window was closed that was never opened');
    const endNs = monotonicNs();
    const toolCpuNs = ownCpuNs() - this.#openedCpuNs;
    const closing = await this.#snapshot();
    const calls = (await this.#counter?.close()) ?? null;
    const alive = this.#processes.flatMap(
      (probe, index) => probe.difference(opening.processes[index] ?? null, closing.processes[index] ?? null) ?? [],
    );
    const ours = [...alive, ...[this.#ended.difference(opening.ended, closing.ended)].filter((one) => one !== null)];
    const readings = {
      machines: this.#machines.map((probe, index) => {
        const [first, last] = [opening.machines[index] ?? null, closing.machines[index] ?? null];
        return first === null || last === null ? null : probe.difference(first, last);
      }),
      links: this.#links.difference(opening.links, closing.links),
      hostCpu: { ...this.#hostCpu.difference(opening.hostCpu, closing.hostCpu), ours },
      calls,
      toolCpuNs,
      toolResidentBytes: process.memoryUsage.rss(),
    };
    return { readings, endNs };
  }
}
