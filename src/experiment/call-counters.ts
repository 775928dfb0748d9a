import type { KvmTracepoints } from '../probe/kvm/tracepoints.ts';
import { LabNoteTracer } from '../probe/lab-note-tracer.ts';
import type { Probe } from '../probe/probe.ts';
import { ProcfsIoProbe } from '../probe/procfs-io.ts';
import type { SystemCallCounts } from '../probe/system-calls/counts.ts';
import { SystemCallTracer } from '../probe/system-calls/system-calls.ts';
import type { AddressRegion } from '../record/address-region.ts';
import { TapbenchError } from '../record/error.ts';
import type { TraceSpec } from '../record/experiment.ts';
import type { SystemCalls, ThreadRole } from '../record/probe-readings.ts';
import { countableKvm, type KvmReading, kvmReading } from './kvm-exits.ts';

/** What one counter of system calls read over a window. */
export interface CallReading extends Pick<SystemCalls, 'source' | 'lostEvents' | 'threads'> {
  /** null: it does not count what KVM does. */
  readonly kvm: KvmReading | null;
}

/** A counter of system calls, opened and closed with the window. */
export interface CallCounter extends AsyncDisposable {
  /** Process id of the tracer; null for a counter that reads files. */
  readonly tracerPid: number | null;
  open(): Promise<void>;
  close(): Promise<CallReading>;
}

export interface CounterOptions {
  readonly pid: number;
  readonly trace: TraceSpec;
  /** Under KVM its exits are counted, too. */
  readonly accel: 'kvm' | 'tcg';
  /** Where the devices of the VMM's machine are, as its driver tells. */
  readonly regions: readonly AddressRegion[];
  readonly threadRole: (name: string, isMain: boolean) => ThreadRole;
}

/** bpftrace compiles and attaches in 0.3 to 1.5 s, longer on a busy host. */
const attachDeadlineMs = 30_000;

/** Said beside the counts of a window that the script of a lab note traced. */
const labNoteReason = "the window was traced by a lab note's script, whose own counts are kept as text";

function counterOf<S>(
  probe: Probe<S, SystemCallCounts>,
  options: CounterOptions,
  of: { tracerPid: number | null; end: () => Promise<void> },
): CallCounter {
  let opening: S | null = null;
  return {
    tracerPid: of.tracerPid,
    open: async () => {
      opening = await probe.snapshot();
    },
    close: async () => {
      if (opening === null) throw new TapbenchError('PROBE_FAILED', 'a counter was closed that was never opened');
      const { source, lostEvents, threads, kvm } = probe.difference(opening, await probe.snapshot());
      return {
        source,
        lostEvents,
        threads: threads.map(({ tid, name, calls }) => ({
          tid,
          name,
          role: options.threadRole(name, tid === options.pid),
          calls: [...calls],
        })),
        kvm: kvm === null ? null : kvmReading(kvm, options.regions),
      };
    },
    [Symbol.asyncDispose]: of.end,
  };
}

async function startTracer(options: CounterOptions, tracepoints: KvmTracepoints): Promise<CallCounter> {
  const isVcpu = (name: string): boolean => options.threadRole(name, false) === 'vcpu';
  const tracer = await SystemCallTracer.start({
    pid: options.pid,
    isTimed: options.trace.timing,
    kvm: tracepoints.isUsable ? { hasFastMmio: tracepoints.hasFastMmio, isVcpu } : null,
    deadlineMs: attachDeadlineMs,
  });
  return counterOf(tracer, options, {
    tracerPid: tracer.tracerPid,
    end: async () => {
      await tracer[Symbol.asyncDispose]();
    },
  });
}

/** The counters of one trial, by its trace mode; where bpftrace can't be used, /proc's counts of reads and writes stand in. */
export class CallCounters implements AsyncDisposable {
  readonly #options: CounterOptions;
  readonly #kvm: KvmTracepoints;
  /** Why bpftrace could not be used; null while it could. */
  #tracerFailure: string | null = null;
  /** Read at the edges of the measured window; null with `trace: off`. */
  readonly inline: CallCounter | null;

  private constructor(
    options: CounterOptions,
    kvm: KvmTracepoints,
    tracer: { counter: CallCounter | null; failure: string | null },
  ) {
    this.#options = options;
    this.#kvm = kvm;
    this.#tracerFailure = tracer.failure;
    this.inline = options.trace.mode === 'off' ? null : (tracer.counter ?? this.#fallback());
  }

  /** Ready for the first measured window: with `inline` the tracer is attached. */
  static async create(options: CounterOptions): Promise<CallCounters> {
    const kvm = countableKvm(options.accel);
    if (options.trace.mode !== 'inline') return new CallCounters(options, kvm, { counter: null, failure: null });
    try {
      return new CallCounters(options, kvm, { counter: await startTracer(options, kvm), failure: null });
    } catch (error) {
      if (!(error instanceof TapbenchError)) throw error;
      return new CallCounters(options, kvm, { counter: null, failure: error.message });
    }
  }

  /** Why the counts are only those of reads and writes. With a separate trace it is known after the first measured window. */
  get fallbackReason(): string {
    const untraced = this.#options.trace.mode === 'lab-note' ? labNoteReason : 'no tracer was attached';
    return this.#tracerFailure ?? untraced;
  }

  /** Why there are no exits of KVM beside the calls. With a separate trace it is known after the first measured window. */
  get noKvmReason(): string {
    if (!this.#kvm.isUsable) return this.#kvm.reason;
    return this.#options.trace.mode === 'off' ? 'tracing is off' : this.fallbackReason;
  }

  /** Counts reads and writes from files at no cost: its reading is used where no tracer came. */
  #fallback(): CallCounter {
    return counterOf(new ProcfsIoProbe(this.#options.pid), this.#options, {
      tracerPid: null,
      end: () => Promise.resolve(),
    });
  }

  /** The script of a lab note for one measured window; null where it isn't asked for. @throws TapbenchError `PROBE_FAILED` */
  async labNote(): Promise<LabNoteTracer | null> {
    const { pid, trace } = this.#options;
    return trace.mode === 'lab-note' ? await LabNoteTracer.start({ pid, deadlineMs: attachDeadlineMs }) : null;
  }

  /** A tracer for a window of its own; null where the trace isn't separate or bpftrace can't be used. */
  async separate(): Promise<CallCounter | null> {
    if (this.#options.trace.mode !== 'separate' || this.#tracerFailure !== null) return null;
    try {
      return await startTracer(this.#options, this.#kvm);
    } catch (error) {
      if (!(error instanceof TapbenchError)) throw error;
      this.#tracerFailure = error.message;
      return null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.inline?.[Symbol.asyncDispose]();
  }
}
