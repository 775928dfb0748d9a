import { monotonicNs } from '../lab/clock.ts';
import type { CpuTimesByCpu } from '../probe/cpu-times.ts';
import { HostCpuProbe } from '../probe/host-cpu.ts';
import { LinkProbe, type LinkSnapshot, readLinkTotals } from '../probe/link.ts';
import { ProcessCpuProbe, type ProcessCpuSnapshot } from '../probe/process-cpu.ts';
import { ThreadCpuProbe, type ThreadCpuSnapshot } from '../probe/thread-cpu.ts';
import { vhostWorkers } from '../probe/vhost-workers.ts';
import { type OutputFile, type OutputLengths, VmmOutputProbe } from '../probe/vmm-output.ts';
import { TapbenchError } from '../record/error.ts';
import type { HostCpu, LinkReading, ThreadCpu, ThreadRole, VmmErrors } from '../record/probe-readings.ts';
import type { CallCounter, CallReading } from './call-counters.ts';
import type { LinkTotals } from './traffic.ts';

/** What all probes read over one window. */
export interface EdgeReadings {
  readonly threads: ThreadCpu[];
  readonly link: LinkReading;
  readonly hostCpu: HostCpu;
  readonly calls: CallReading | null;
  readonly consoleBytes: number;
  /** Why they can't be had, where the files of its output could not be read. */
  readonly vmmErrors: VmmErrors | TapbenchError;
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
  readonly threads: ThreadCpuSnapshot;
  readonly link: LinkSnapshot;
  readonly processes: readonly ProcessCpuSnapshot[];
  readonly consoleBytes: number;
  readonly vmmOutput: OutputLengths;
}

/** CPU time of our own process so far, ns. */
function ownCpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

export interface EdgeOptions {
  readonly vmmPid: number;
  readonly tap: string;
  readonly threadRole: (name: string, isMain: boolean) => ThreadRole;
  readonly counter: CallCounter | null;
  readonly consoleBytes: () => number;
  readonly vmmOutput: readonly OutputFile[];
}

/** Some ms are usual for a tracer's edge; a host that is busy with something else may take longer. */
const rehearsalLimitMs = 5_000;

/**
 * Reads every probe at the two edges of one window. The call counter is read first at the opening and last at the closing: nothing
 * moves at either edge, and the time it takes to print its maps must not be in the stretch of the cheap probes.
 */
export class Edges {
  readonly #options: EdgeOptions;
  readonly #hostCpu = new HostCpuProbe();
  readonly #threads: ThreadCpuProbe;
  readonly #link: LinkProbe;
  readonly #vmmOutput: VmmOutputProbe;
  readonly #processes: ProcessCpuProbe[];
  #opening: Snapshot | null = null;
  #openedNs = 0;
  #openedCpuNs = 0;

  constructor(options: EdgeOptions) {
    this.#options = options;
    const workers = vhostWorkers(options.vmmPid);
    this.#threads = new ThreadCpuProbe({
      pid: options.vmmPid,
      roleOf: options.threadRole,
      workers: workers.map(({ tid }) => tid),
    });
    this.#link = new LinkProbe({ pid: options.vmmPid, device: options.tap });
    this.#vmmOutput = new VmmOutputProbe(options.vmmOutput);
    this.#processes = [
      new ProcessCpuProbe({ name: 'VMM', part: 'vmm', pid: options.vmmPid }),
      ...workers.map(({ tid, name }) => new ProcessCpuProbe({ name, part: 'vmm', pid: tid })),
      new ProcessCpuProbe({ name: 'tapbench', part: 'tapbench', pid: process.pid }),
    ];
    const tracer = options.counter?.tracerPid ?? null;
    if (tracer !== null) this.#processes.push(new ProcessCpuProbe({ name: 'bpftrace', part: 'tracer', pid: tracer }));
  }

  /** Whether a counter that takes its time is read at the edges. */
  get isTraced(): boolean {
    return (this.#options.counter?.tracerPid ?? null) !== null;
  }

  /** Counts the CPU of a tool's process on the host as the experiment's own. All of its time counts where it began after the opening edge. */
  watch(process: WatchedProcess): void {
    this.#processes.push(new ProcessCpuProbe({ part: 'tool', ...process }));
  }

  linkTotals(): LinkTotals {
    return readLinkTotals({ pid: this.#options.vmmPid, device: this.#options.tap });
  }

  async #snapshot(): Promise<Snapshot> {
    return {
      hostCpu: await this.#hostCpu.snapshot(),
      threads: await this.#threads.snapshot(),
      link: await this.#link.snapshot(),
      processes: await Promise.all(this.#processes.map(async (probe) => await probe.snapshot())),
      consoleBytes: this.#options.consoleBytes(),
      vmmOutput: await this.#vmmOutput.snapshot(),
    };
  }

  /** How long the opening edge takes on this machine as it is now, ms: read once for nothing. A tracer that fails at it does not count. */
  async rehearse(): Promise<number> {
    const { counter } = this.#options;
    const startNs = monotonicNs();
    const openedNs = await this.open(rehearsalLimitMs);
    return counter === null || counter.failure === null ? (openedNs - startNs) / 1e6 : 0;
  }

  /** The opening edge; its time, CLOCK_MONOTONIC ns. @param tracerLimitMs how long a tracer may take at it */
  async open(tracerLimitMs: number): Promise<number> {
    await this.#options.counter?.open(tracerLimitMs);
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

  /** Output that can't be read costs the errors in it, not the window. */
  #vmmErrors(opening: Snapshot, closing: Snapshot): VmmErrors | TapbenchError {
    try {
      return this.#vmmOutput.difference(opening.vmmOutput, closing.vmmOutput);
    } catch (error) {
      if (error instanceof TapbenchError) return error;
      throw error;
    }
  }

  /** The closing edge: what happened since `open`. */
  async close(): Promise<{ readings: EdgeReadings; endNs: number }> {
    const opening = this.#opening;
    if (opening === null) throw new TapbenchError('PROBE_FAILED', 'a window was closed that was never opened');
    const endNs = monotonicNs();
    const toolCpuNs = ownCpuNs() - this.#openedCpuNs;
    const closing = await this.#snapshot();
    const calls = (await this.#options.counter?.close()) ?? null;
    const ours = this.#processes.flatMap(
      (probe, index) => probe.difference(opening.processes[index] ?? null, closing.processes[index] ?? null) ?? [],
    );
    const readings = {
      threads: [...this.#threads.difference(opening.threads, closing.threads).threads],
      link: this.#link.difference(opening.link, closing.link),
      hostCpu: { ...this.#hostCpu.difference(opening.hostCpu, closing.hostCpu), ours },
      calls,
      consoleBytes: closing.consoleBytes - opening.consoleBytes,
      vmmErrors: this.#vmmErrors(opening, closing),
      toolCpuNs,
      toolResidentBytes: process.memoryUsage.rss(),
    };
    return { readings, endNs };
  }
}
