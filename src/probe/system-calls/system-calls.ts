import { createInterface } from 'node:readline';
import { monotonicNs } from '../../lab/clock.ts';
import type { StartedProcess } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { type AttachLimits, startBpftrace } from '../bpftrace.ts';
import { BpftraceOutput, type MapDump } from '../bpftrace-output.ts';
import { keyLimit, kvmTalliesOf } from '../kvm/counts.ts';
import type { KvmScriptOptions } from '../kvm/script.ts';
import { isaOf } from '../kvm/tracepoints.ts';
import { missedEvents, programInfoFiles } from '../missed-events.ts';
import type { Probe } from '../probe.ts';
import { listThreads, namesOfThreads, parseSchedstat, readProcfs } from '../procfs.ts';
import { type ThreadNumbers, threadNumbers } from '../thread-numbers.ts';
import { traceFailure } from '../trace-failure.ts';
import {
  countsBetween,
  endedNames,
  endedOwners,
  fullestMap,
  type SystemCallCounts,
  type SystemCallSnapshot,
  talliesOf,
} from './counts.ts';
import { attachedMark, dumpSignal, mapNames, systemCallScript } from './script.ts';

export interface KvmOptions {
  readonly hasFastMmio: boolean;
  /** Whether a thread of this name runs the guest: it is counted the short way. */
  readonly isVcpu: (name: string) => boolean;
}

export interface SystemCallTracerOptions extends AttachLimits {
  /** All are counted by one bpftrace. */
  readonly pids: readonly number[];
  /** Also sum the time in each call. The clock makes that dearer than counting. */
  readonly isTimed: boolean;
  /** Count what KVM does for the process, too; null or absent: do not. */
  readonly kvm?: KvmOptions | null;
}

/** Settings of bpftrace, by their names before 0.20 and since. */
const tracerEnvironment = {
  BPFTRACE_MAP_KEYS_MAX: String(keyLimit),
  BPFTRACE_MAX_MAP_KEYS: String(keyLimit),
  BPFTRACE_STRLEN: undefined,
  BPFTRACE_MAX_STRLEN: undefined,
};

/** A dump takes some ms; a host that is busy with something else may take longer. */
const dumpDeadlineMs = 5_000;

/** Threads of the processes that ran most first: they are the ones that will call most. */
function busiestThreads(pids: readonly number[]): number[] {
  const runNs = (pid: number, tid: number): number => {
    const text = readProcfs(`/proc/${String(pid)}/task/${String(tid)}/schedstat`);
    return text === null ? 0 : parseSchedstat(text).runNs;
  };
  return pids
    .flatMap((pid) => listThreads(pid).map((tid) => ({ tid, runNs: runNs(pid, tid) })))
    .toSorted((a, b) => b.runNs - a.runNs)
    .map(({ tid }) => tid);
}

/** Process of each thread. */
function ownersOf(pids: readonly number[]): [tid: number, pid: number][] {
  return pids.flatMap((pid) => listThreads(pid).map((tid): [number, number] => [tid, pid]));
}

/** What the script needs to count KVM; null where it is not asked for. */
function kvmScriptOptions(
  { pids, kvm }: SystemCallTracerOptions,
  tids: readonly number[],
  numbers: ThreadNumbers,
): KvmScriptOptions | null {
  if (kvm === undefined || kvm === null) return null;
  const names = namesOfThreads(pids);
  return {
    tids: tids.filter((tid) => kvm.isVcpu(names.get(tid) ?? '')).map((tid) => numbers.outer(tid)),
    isa: isaOf(readProcfs('/proc/cpuinfo') ?? ''),
    hasFastMmio: kvm.hasFastMmio,
  };
}

function scriptFor(options: SystemCallTracerOptions, tids: readonly number[], numbers: ThreadNumbers): string {
  return systemCallScript({
    words: numbers.words,
    pids: options.pids.map((pid) => numbers.outer(pid)),
    asker: numbers.outer(process.pid),
    tids: tids.map((tid) => numbers.outer(tid)),
    isTimed: options.isTimed,
    kvm: kvmScriptOptions(options, tids, numbers),
  });
}

/** Settles with `promise`, or fails once the tracer ended or the time is over. */
async function within<T>(
  promise: Promise<T>,
  tracer: StartedProcess,
  limit: { what: string; deadlineMs: number },
): Promise<T> {
  const lost = Promise.withResolvers<never>();
  const late = setTimeout(() => {
    lost.reject(traceFailure(`did not ${limit.what} within ${String(limit.deadlineMs)} ms`, tracer));
  }, limit.deadlineMs);
  void tracer.ended.then(() => {
    lost.reject(traceFailure(`ended before it could ${limit.what}`, tracer));
  });
  // The race below may be over before it fails.
  lost.promise.catch(() => undefined);
  try {
    return await Promise.race([promise, lost.promise]);
  } finally {
    clearTimeout(late);
  }
}

/** Counts every system call of some processes, and what KVM does for them, thread by thread, with one bpftrace. */
export class SystemCallTracer implements Probe<SystemCallSnapshot, SystemCallCounts>, AsyncDisposable {
  readonly name = 'system-calls';
  readonly #options: SystemCallTracerOptions;
  readonly #process: StartedProcess;
  readonly #numbers: ThreadNumbers;
  readonly #attached = Promise.withResolvers<undefined>();
  readonly #names = new Map<number, string>();
  /** Thread to process. */
  readonly #owners = new Map<number, number>();
  #dumped = Promise.withResolvers<MapDump>();
  #turn: Promise<unknown> = Promise.resolve();
  #broken: unknown = null;
  #lostEvents = 0;
  #programs: readonly string[] = [];
  #attachedNs = 0;

  private constructor(options: SystemCallTracerOptions, tracer: StartedProcess, numbers: ThreadNumbers) {
    this.#options = options;
    this.#numbers = numbers;
    this.#process = tracer;
    const output = new BpftraceOutput(mapNames.sentinel, {
      onPrintf: (text) => {
        if (text.trim() === attachedMark) this.#attached.resolve(undefined);
      },
      onDump: (dump) => {
        this.#dumped.resolve(dump);
      },
      onLostEvents: (count) => (this.#lostEvents += count),
    });
    // Nobody may be waiting when a line can't be read: the next snapshot says so.
    this.#attached.promise.catch(() => undefined);
    this.#dumped.promise.catch(() => undefined);
    if (tracer.stdout === null) throw new TapbenchError('PROBE_FAILED', 'bpftrace was started without a pipe');
    createInterface({ input: tracer.stdout }).on('line', (line) => {
      try {
        output.readLine(line);
      } catch (error) {
        this.#broken ??= error;
        this.#attached.reject(error);
        this.#dumped.reject(error);
      }
    });
  }

  /**
   * Starts bpftrace and waits until every probe is attached.
   * @throws TapbenchError `PROBE_FAILED` with the reason: no bpftrace, no root, no tracefs, no BPF, or the deadline
   */
  static async start(options: SystemCallTracerOptions): Promise<SystemCallTracer> {
    const { pids } = options;
    const gone = pids.find((pid) => listThreads(pid).length === 0);
    if (gone !== undefined) throw new TapbenchError('PROBE_FAILED', `there is no process ${String(gone)} to trace`);
    const tids = busiestThreads(pids);
    await using made = new AsyncDisposableStack();
    const numbers = made.use(await threadNumbers(options));
    await numbers.learn([...pids, ...tids]);
    // As an argument: a file would stay where we are killed while bpftrace attaches.
    const started = await startBpftrace(['-f', 'json', '-e', scriptFor(options, tids, numbers)], {
      stdout: 'pipe',
      env: tracerEnvironment,
      killedBy: options.killedBy,
    });
    const tracer = made.use(new SystemCallTracer(options, started, numbers));
    await tracer.#waitUntilAttached();
    made.move();
    return tracer;
  }

  async #waitUntilAttached(): Promise<void> {
    await within(this.#attached.promise, this.#process, { what: 'attach', deadlineMs: this.#options.deadlineMs });
    this.#programs = programInfoFiles(this.#process.pid);
    this.#attachedNs = monotonicNs();
  }

  /** CLOCK_MONOTONIC ns: every call after this is counted. */
  get attachedNs(): number {
    return this.#attachedNs;
  }

  /** Of bpftrace itself, so that its CPU time can be told. */
  get tracerPid(): number {
    return this.#process.pid;
  }

  /** Asks for a dump and waits for all of it. One at a time: requests queue. */
  snapshot(): Promise<SystemCallSnapshot> {
    const mine = this.#turn.then(() => this.#dump());
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #dump(): Promise<SystemCallSnapshot> {
    if (this.#broken instanceof Error) throw this.#broken;
    this.#dumped = Promise.withResolvers<MapDump>();
    this.#dumped.promise.catch(() => undefined);
    this.#process.signal(dumpSignal.name);
    try {
      const dump = await within(this.#dumped.promise, this.#process, {
        what: 'dump its maps',
        deadlineMs: dumpDeadlineMs,
      });
      return await this.#read(dump);
    } catch (error) {
      // A dump that comes after its deadline must not be taken for the next one.
      this.#broken = error;
      throw error;
    }
  }

  async #read(dump: MapDump): Promise<SystemCallSnapshot> {
    const atNs = monotonicNs();
    if (fullestMap(dump) >= keyLimit) {
      throw new TapbenchError(
        'PROBE_FAILED',
        `a map of bpftrace is full (${String(keyLimit)} entries): calls were lost`,
      );
    }
    const { pids, isTimed, kvm } = this.#options;
    const names = namesOfThreads(pids);
    await this.#numbers.learn([...names.keys()]);
    const inner = (outer: number): number => this.#numbers.inner(outer);
    for (const [tid, name] of [...endedNames(dump, inner), ...names]) this.#names.set(tid, name);
    for (const [tid, pid] of [...endedOwners(dump, inner), ...ownersOf(pids)]) this.#owners.set(tid, pid);
    const missed = missedEvents(this.#programs);
    return {
      atNs,
      calls: talliesOf(dump, { isTimed, inner }),
      names: new Map(this.#names),
      owners: new Map(this.#owners),
      lostEvents: missed === null && this.#lostEvents === 0 ? null : (missed ?? 0) + this.#lostEvents,
      ...(kvm === undefined || kvm === null ? {} : { kvm: kvmTalliesOf(dump, inner) }),
    };
  }

  /**
   * Times of a call that was under way at an edge count whole where it ended.
   * @throws TapbenchError `PROBE_FAILED` where a counter went back
   */
  difference(opening: SystemCallSnapshot, closing: SystemCallSnapshot): SystemCallCounts {
    return countsBetween(opening, closing, 'bpftrace');
  }

  /** SIGTERM, then SIGKILL. SIGINT would not do: a child of a shell without job control ignores it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.stop();
    await this.#numbers[Symbol.asyncDispose]();
  }
}
