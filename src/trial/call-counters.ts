import type { KvmTracepoints } from '../probe/kvm/tracepoints.ts';
import { LabNoteTracer } from '../probe/lab-note-tracer.ts';
import type { Probe } from '../probe/probe.ts';
import { ProcfsIoProbe } from '../probe/procfs-io.ts';
import type { SystemCallCounts } from '../probe/system-calls/counts.ts';
import { SystemCallTracer } from '../probe/system-calls/system-calls.ts';
import type { AddressRegion } from '../record/address-region.ts';
import { TapbenchError } from '../record/error.ts';
import type { TraceSpec } from '../record/experiment.ts';
import { firstError } from '../record/first-error.ts';
import type { HostFacts } from '../record/host.ts';
import type { SystemCalls, ThreadRole } from '../record/probe-readings.ts';
import { countableKvm, emulatedReason, type KvmReading, kvmReading } from './kvm-exits.ts';

/** What one counter of system calls read over a window. */
export interface CallReading extends Pick<SystemCalls, 'source' | 'lostEvents' | 'threads'> {
  /** null: it does not count what KVM does. */
  readonly kvm: KvmReading | null;
}

/** A counter of system calls, opened and closed with the window. */
export interface CallCounter extends AsyncDisposable {
  /** Process id of the tracer; null for a counter that reads files. */
  readonly tracerPid: number | null;
  /** Why a tracer's counts of this window can't be had; null while nothing stands in their way. */
  readonly failure: string | null;
  /** @param limitMs how long a tracer may take: the other probes, and the client, don't wait for it */
  open(limitMs: number): Promise<void>;
  /** Of each process, in their order; null: a tracer failed in this window, and nothing stands in for it. */
  close(): Promise<readonly CallReading[] | null>;
}

/** A VMM whose calls are counted. */
export interface CountedVmm {
  readonly pid: number;
  /** Under KVM its exits are counted, too. */
  readonly accel: 'kvm' | 'tcg';
  /** Where the devices of its machine are, as its driver tells. */
  readonly regions: readonly AddressRegion[];
  readonly threadRole: (name: string, isMain: boolean) => ThreadRole;
}

export interface CounterOptions {
  readonly vmms: readonly CountedVmm[];
  readonly trace: TraceSpec;
  /** What trying the tracer has shown: one that does not work is not tried again in each trial. */
  readonly tracing: HostFacts['tracing'];
  /** How long a tracer may take to attach. */
  readonly attachDeadlineMs: number;
  /** Kills a tracer at once when it aborts: nothing of an interrupted run is kept. */
  readonly signal: AbortSignal;
}

function pidsOf({ vmms }: CounterOptions): number[] {
  return vmms.map(({ pid }) => pid);
}

/** Said beside the counts of a window that the script of a lab note traced. */
const labNoteReason = "the window was traced by a lab note's script, whose own counts are kept as text";

/** One window of a probe: the difference between its two snapshots, by process. */
class ProbeWindow<S> {
  readonly #probe: Probe<S, SystemCallCounts>;
  readonly #options: CounterOptions;
  #opening: S | null = null;

  constructor(probe: Probe<S, SystemCallCounts>, options: CounterOptions) {
    this.#probe = probe;
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#opening = await this.#probe.snapshot();
  }

  async close(): Promise<readonly CallReading[]> {
    if (this.#opening === null) throw new TapbenchError('PROBE_FAILED', 'a counter was closed that was never opened');
    const counts = this.#probe.difference(this.#opening, await this.#probe.snapshot());
    return this.#options.vmms.map((vmm) => this.#readingOf(vmm, counts));
  }

  #readingOf(vmm: CountedVmm, { source, lostEvents, threads, owners, kvm }: SystemCallCounts): CallReading {
    const { pid, accel, regions, threadRole } = vmm;
    const isAlone = this.#options.vmms.length === 1;
    const isOurs = ({ tid }: { readonly tid: number }): boolean => isAlone || owners.get(tid) === pid;
    return {
      source,
      lostEvents,
      threads: threads.filter(isOurs).map(({ tid, name, calls }) => ({
        tid,
        name,
        role: threadRole(name, tid === pid),
        calls: [...calls],
      })),
      // Accesses are counted by address alone: of several guests nobody knows whose they were.
      kvm:
        kvm === null || accel === 'tcg'
          ? null
          : kvmReading({ threads: kvm.threads.filter(isOurs), accesses: isAlone ? kvm.accesses : [] }, regions),
    };
  }
}

/** @throws TapbenchError `PROBE_FAILED` where it takes longer */
async function within(opening: Promise<void>, limitMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new TapbenchError('PROBE_FAILED', `bpftrace did not dump its maps within ${limitMs.toFixed(0)} ms`));
  }, limitMs);
  // The opening that was not waited for may fail later: the next one says so.
  opening.catch(() => undefined);
  try {
    await Promise.race([opening, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Counts reads and writes from files, at no cost to the VMM. */
class FileCounter implements CallCounter {
  readonly tracerPid = null;
  readonly failure = null;
  readonly #window: ProbeWindow<unknown>;

  constructor(options: CounterOptions) {
    this.#window = new ProbeWindow(new ProcfsIoProbe(pidsOf(options)), options);
  }

  async open(): Promise<void> {
    await this.#window.open();
  }

  async close(): Promise<readonly CallReading[]> {
    return await this.#window.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.resolve();
  }
}

/** What a tracer is started with. */
interface TracerStart {
  readonly options: CounterOptions;
  readonly kvm: KvmTracepoints;
  /** Read over the same windows; null: nothing is to stand in. */
  readonly standIn: FileCounter | null;
}

/** Counts with a tracer. One that fails costs its counts, never the window's figures. */
class TracerCounter implements CallCounter {
  readonly #tracer: SystemCallTracer;
  readonly #window: ProbeWindow<unknown>;
  /** Read over the same window; null: nothing is to stand in. */
  readonly #standIn: FileCounter | null;
  #failure: string | null = null;

  private constructor(tracer: SystemCallTracer, { options, standIn }: TracerStart) {
    this.#tracer = tracer;
    this.#window = new ProbeWindow(tracer, options);
    this.#standIn = standIn;
  }

  /** @throws TapbenchError `PROBE_FAILED` where it does not attach, or does not print its maps: no window is spent on that */
  static async start(start: TracerStart): Promise<TracerCounter> {
    const { options, kvm: tracepoints } = start;
    const isVcpu = (name: string): boolean => options.vmms.some(({ threadRole }) => threadRole(name, false) === 'vcpu');
    const tracer = await SystemCallTracer.start({
      pids: pidsOf(options),
      isTimed: options.trace.timing,
      kvm: tracepoints.isUsable ? { hasFastMmio: tracepoints.hasFastMmio, isVcpu } : null,
      deadlineMs: options.attachDeadlineMs,
      killedBy: options.signal,
    });
    const counter = new TracerCounter(tracer, start);
    await counter.open(options.attachDeadlineMs);
    if (counter.failure === null) return counter;
    await counter[Symbol.asyncDispose]();
    throw new TapbenchError('PROBE_FAILED', counter.failure);
  }

  get tracerPid(): number {
    return this.#tracer.tracerPid;
  }

  get failure(): string | null {
    return this.#failure;
  }

  /** What `read` gives; null where the tracer failed, now or earlier in the window. */
  async #tried<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (thrown) {
      const error = firstError(thrown);
      if (!(error instanceof TapbenchError)) throw error;
      this.#failure ??= error.message;
      return null;
    }
  }

  async open(limitMs: number): Promise<void> {
    this.#failure = null;
    await this.#tried(async () => {
      await within(this.#window.open(), limitMs);
    });
    await this.#standIn?.open();
  }

  async close(): Promise<readonly CallReading[] | null> {
    const standIn = (await this.#standIn?.close()) ?? null;
    const reading = this.#failure === null ? await this.#tried(async () => await this.#window.close()) : null;
    return reading ?? standIn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tracer[Symbol.asyncDispose]();
  }
}

/** A tracer, or why there is none. */
type TracerOrReason = { readonly counter: CallCounter } | { readonly failure: string };

async function startedTracer(start: TracerStart): Promise<TracerOrReason> {
  const { tracing } = start.options;
  if (!tracing.isUsable) return { failure: tracing.reason };
  try {
    return { counter: await TracerCounter.start(start) };
  } catch (thrown) {
    const error = firstError(thrown);
    if (!(error instanceof TapbenchError)) throw error;
    return { failure: error.message };
  }
}

/** The counters of one trial, by its trace mode; where bpftrace can't be used, /proc's counts of reads and writes stand in. */
export class CallCounters implements AsyncDisposable {
  readonly #options: CounterOptions;
  readonly #kvm: KvmTracepoints;
  /** Why bpftrace could not be attached; null while it could. */
  #tracerFailure: string | null = null;
  /** Read at the edges of the measured window; null with `trace: off`. */
  readonly inline: CallCounter | null;

  private constructor(options: CounterOptions, kvm: KvmTracepoints, inline: CallCounter | null) {
    this.#options = options;
    this.#kvm = kvm;
    this.inline = inline;
  }

  /** Ready for the first measured window: with `inline` the tracer is attached. */
  static async create(options: CounterOptions): Promise<CallCounters> {
    const { mode } = options.trace;
    if (options.vmms.length === 0) return new CallCounters(options, { isUsable: false, reason: 'no VM' }, null);
    if (mode === 'off') return new CallCounters(options, { isUsable: false, reason: 'tracing is off' }, null);
    const kvm = await countableKvm(options.vmms.map(({ accel }) => accel));
    const files = new FileCounter(options);
    if (mode !== 'inline') return new CallCounters(options, kvm, files);
    const started = await startedTracer({ options, kvm, standIn: files });
    if ('counter' in started) return new CallCounters(options, kvm, started.counter);
    const counters = new CallCounters(options, kvm, files);
    counters.#tracerFailure = started.failure;
    return counters;
  }

  /** Why a window has only the counts of reads and writes. @param failure of its tracer, where it had one */
  fallbackReason(failure: string | null): string {
    const untraced = this.#options.trace.mode === 'lab-note' ? labNoteReason : 'no tracer was attached';
    return failure ?? this.#tracerFailure ?? untraced;
  }

  /** Why a window has no exits of KVM beside the calls of a VMM. @param failure of its tracer, where it had one */
  noKvmReason(failure: string | null, index: number): string {
    if (!this.#kvm.isUsable) return this.#kvm.reason;
    return this.#options.vmms[index]?.accel === 'tcg' ? emulatedReason : this.fallbackReason(failure);
  }

  /** The script of a lab note for one measured window; null where it isn't asked for. @throws TapbenchError `PROBE_FAILED` */
  async labNote(): Promise<LabNoteTracer | null> {
    const { trace, attachDeadlineMs, signal } = this.#options;
    const [pid] = pidsOf(this.#options);
    if (trace.mode !== 'lab-note' || pid === undefined) return null;
    return await LabNoteTracer.start({ pid, deadlineMs: attachDeadlineMs, killedBy: signal });
  }

  /** A tracer for a window of its own; null where the trace isn't separate, or where none could be attached before. */
  async separate(): Promise<TracerOrReason | null> {
    const { vmms, trace } = this.#options;
    if (vmms.length === 0 || trace.mode !== 'separate' || this.#tracerFailure !== null) return null;
    const started = await startedTracer({ options: this.#options, kvm: this.#kvm, standIn: null });
    if ('failure' in started) this.#tracerFailure = started.failure;
    return started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inline?.[Symbol.asyncDispose]();
  }
}
