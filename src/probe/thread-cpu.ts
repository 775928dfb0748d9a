import type { ThreadCpu, ThreadRole } from '../record/probe-readings.ts';
import type { Probe } from './probe.ts';
import {
  demandProcfs,
  grown,
  labelled,
  parseSchedstat,
  parseStat,
  readProcfs,
  readThreads,
  type StatFields,
} from './procfs.ts';

/** What one thread has used since it began. */
export interface ThreadTotals extends StatFields {
  readonly tid: number;
  readonly runNs: number;
  readonly waitNs: number;
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
}

/** null where the thread ended between two of its files. */
function readThread(folder: string, tid: number): ThreadTotals | null {
  const schedstat = readProcfs(`${folder}/schedstat`);
  const stat = readProcfs(`${folder}/stat`);
  const status = readProcfs(`${folder}/status`);
  if (schedstat === null || stat === null || status === null) return null;
  return {
    tid,
    ...parseStat(stat),
    ...parseSchedstat(schedstat),
    voluntarySwitches: labelled(status, 'voluntary_ctxt_switches'),
    involuntarySwitches: labelled(status, 'nonvoluntary_ctxt_switches'),
  };
}

const unborn = {
  runNs: 0,
  waitNs: 0,
  userNs: 0,
  systemNs: 0,
  guestNs: 0,
  voluntarySwitches: 0,
  involuntarySwitches: 0,
};

/** Every thread of the process at one edge, and the time of the process itself. */
export interface ThreadCpuSnapshot {
  readonly threads: ReadonlyMap<number, ThreadTotals>;
  /** Its workers outside of itself. */
  readonly workers: ReadonlyMap<number, ThreadTotals>;
  /** User and system time of the process, its ended threads included, ns in steps of a tick. */
  readonly processNs: number;
}

export interface ThreadCpuReading {
  /** Threads alive at the closing edge, by tid, the workers outside of the process last. One that began in the window counts from its beginning. */
  readonly threads: readonly ThreadCpu[];
  /** Threads of the opening edge that are gone: their last time is in no thread of this reading. */
  readonly endedThreads: number;
  /**
   * Time of the process that no thread here accounts for, ns: that of threads which ended in the window. Exact to some ticks
   * of 10 ms, since the process total comes in ticks; never below 0.
   */
  readonly unaccountedNs: number;
}

export interface ThreadCpuOptions {
  readonly pid: number;
  /** As the VMM's driver says it: name, and whether it is the main thread. */
  readonly roleOf: (name: string, isMain: boolean) => ThreadRole;
  /** Threads of the kernel that work for the process (`vhostWorkers`); absent: none. */
  readonly workers?: readonly number[];
}

/** CPU of each thread of one process: run and wait time from schedstat (exact), the rest from stat and status. */
export class ThreadCpuProbe implements Probe<ThreadCpuSnapshot, ThreadCpuReading> {
  readonly name = 'thread-cpu';
  readonly #options: ThreadCpuOptions;

  constructor(options: ThreadCpuOptions) {
    this.#options = options;
  }

  /** @throws TapbenchError `PROBE_FAILED` where the process is gone */
  async snapshot(): Promise<ThreadCpuSnapshot> {
    const { pid } = this.#options;
    const threads = readThreads(pid, readThread);
    const workers = new Map<number, ThreadTotals>();
    for (const tid of this.#options.workers ?? []) {
      const totals = readThread(`/proc/${String(tid)}/task/${String(tid)}`, tid);
      if (totals !== null) workers.set(tid, totals);
    }
    const { userNs, systemNs } = parseStat(demandProcfs(`/proc/${String(pid)}/stat`));
    return await Promise.resolve({ threads, workers, processNs: userNs + systemNs });
  }

  difference(opening: ThreadCpuSnapshot, closing: ThreadCpuSnapshot): ThreadCpuReading {
    const { pid, roleOf } = this.#options;
    const threads = [...closing.threads].map(([tid, last]) =>
      threadBetween(opening.threads.get(tid), last, roleOf(last.name, tid === pid)),
    );
    const workers = [...closing.workers].map(([tid, last]) => threadBetween(opening.workers.get(tid), last, 'vhost'));
    const ended = [...endedOf(opening.threads, closing.threads), ...endedOf(opening.workers, closing.workers)];
    const accountedNs = threads.reduce((sum, thread) => sum + thread.runNs, 0);
    const processNs = grown('the CPU time of the process', opening.processNs, closing.processNs);
    return {
      threads: [...threads, ...workers],
      endedThreads: ended.length,
      unaccountedNs: Math.max(0, processNs - accountedNs),
    };
  }
}

type Threads = ThreadCpuSnapshot['threads'];

/** Threads of the opening edge that are gone; their number may be another's by now. */
function endedOf(opening: Threads, closing: Threads): number[] {
  return [...opening.keys()].filter((tid) => closing.get(tid)?.startTicks !== opening.get(tid)?.startTicks);
}

function threadBetween(opening: ThreadTotals | undefined, last: ThreadTotals, role: ThreadRole): ThreadCpu {
  // Another thread may have ended and left its number to this one.
  const first = opening?.startTicks === last.startTicks ? opening : unborn;
  const delta = (what: keyof typeof unborn): number =>
    grown(`${what} of thread ${String(last.tid)}`, first[what] ?? 0, last[what] ?? 0);
  return {
    tid: last.tid,
    name: last.name,
    role,
    runNs: delta('runNs'),
    waitNs: delta('waitNs'),
    userNs: delta('userNs'),
    systemNs: delta('systemNs'),
    guestNs: delta('guestNs'),
    voluntarySwitches: last.voluntarySwitches === null ? null : delta('voluntarySwitches'),
    involuntarySwitches: last.involuntarySwitches === null ? null : delta('involuntarySwitches'),
  };
}
