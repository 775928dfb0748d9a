import type { ProcessCpu } from '../record/probe-readings.ts';
import type { Probe } from './probe.ts';
import { demandProcfs, grown, parseEndedNs, parseSchedstat, readProcfs, readThreads } from './procfs.ts';

export interface ProcessCpuOptions {
  readonly name: string;
  readonly part: ProcessCpu['part'];
  readonly pid: number;
}

/** Run time of each thread, ns by tid; null where the process is gone. */
export type ProcessCpuSnapshot = ReadonlyMap<number, number> | null;

/** Processes that a process started: proc_pid_task_tid_children(5), of its first thread. A kernel may have no such file. */
function childrenOf(pid: number): number[] {
  const text = readProcfs(`/proc/${String(pid)}/task/${String(pid)}/children`) ?? '';
  return text.split(' ').flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
}

/** With the processes that it started. */
function readAllRunTimes(pid: number): ProcessCpuSnapshot {
  const own = readRunTimes(pid);
  if (own === null) return null;
  return new Map([...own, ...childrenOf(pid).flatMap((child) => [...(readAllRunTimes(child) ?? [])])]);
}

function readRunTimes(pid: number): ProcessCpuSnapshot {
  const threads = readThreads(pid, (folder) => {
    const text = readProcfs(`${folder}/schedstat`);
    return text === null ? null : parseSchedstat(text).runNs;
  });
  return threads.size === 0 ? null : threads;
}

/**
 * CPU of one process of the experiment, all its threads, and of a tool those of the processes that it started (a server's workers), exact (schedstat). null where it
 * was gone at the closing edge. Threads that ended in the window are left out.
 */
export class ProcessCpuProbe implements Probe<ProcessCpuSnapshot, ProcessCpu | null> {
  readonly name = 'process-cpu';
  readonly #options: ProcessCpuOptions;

  constructor(options: ProcessCpuOptions) {
    this.#options = options;
  }

  async snapshot(): Promise<ProcessCpuSnapshot> {
    const { part, pid } = this.#options;
    return await Promise.resolve(part === 'tool' ? readAllRunTimes(pid) : readRunTimes(pid));
  }

  /** @param opening null: it began after that */
  difference(opening: ProcessCpuSnapshot, closing: ProcessCpuSnapshot): ProcessCpu | null {
    if (closing === null) return null;
    const { name, part } = this.#options;
    let runNs = 0;
    for (const [tid, last] of closing)
      runNs += grown(`run time of thread ${String(tid)} of ${name}`, opening?.get(tid) ?? 0, last);
    return { name, part, runNs };
  }
}

/**
 * CPU of the processes of ours that ended in the window, with all their threads, in clock ticks: the clients on this host, which have summed up and are gone at the
 * closing edge.
 */
export class EndedProcessesProbe implements Probe<number, ProcessCpu | null> {
  readonly name = 'ended-processes';

  async snapshot(): Promise<number> {
    return await Promise.resolve(parseEndedNs(demandProcfs('/proc/self/stat')));
  }

  /** null: none did. */
  difference(opening: number, closing: number): ProcessCpu | null {
    const runNs = grown('run time of ended processes', opening, closing);
    return runNs === 0 ? null : { name: 'ended tools', part: 'tool', runNs };
  }
}
