import type { ProcessCpu } from '../record/probe-readings.ts';
import type { Probe } from './probe.ts';
import { grown, parseSchedstat, readProcfs, readThreads } from './procfs.ts';

export interface ProcessCpuOptions {
  readonly name: string;
  readonly part: ProcessCpu['part'];
  readonly pid: number;
}

/** Run time of each thread of a process, ns by tid; null where it is gone. */
export type ProcessCpuSnapshot = ReadonlyMap<number, number> | null;

function readRunTimes(pid: number): ProcessCpuSnapshot {
  const threads = readThreads(pid, (folder) => {
    const text = readProcfs(`${folder}/schedstat`);
    return text === null ? null : parseSchedstat(text).runNs;
  });
  return threads.size === 0 ? null : threads;
}

/**
 * CPU of one process of the experiment, all its threads, exact (schedstat); null where it was gone at an edge: what it had
 * used can't be known. Threads that ended in the window are left out.
 */
export class ProcessCpuProbe implements Probe<ProcessCpuSnapshot, ProcessCpu | null> {
  readonly name = 'process-cpu';
  readonly #options: ProcessCpuOptions;

  constructor(options: ProcessCpuOptions) {
    this.#options = options;
  }

  async snapshot(): Promise<ProcessCpuSnapshot> {
    return await Promise.resolve(readRunTimes(this.#options.pid));
  }

  difference(opening: ProcessCpuSnapshot, closing: ProcessCpuSnapshot): ProcessCpu | null {
    if (opening === null || closing === null) return null;
    const { name, part } = this.#options;
    let runNs = 0;
    for (const [tid, last] of closing)
      runNs += grown(`run time of thread ${String(tid)} of ${name}`, opening.get(tid) ?? 0, last);
    return { name, part, runNs };
  }
}
