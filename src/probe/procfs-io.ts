import { monotonicNs } from '../lab/clock.ts';
import { ParseError, TapbenchError } from '../record/error.ts';
import type { Probe } from './probe.ts';
import { labelled, namesOfThreads, readProcfs, readThreads } from './procfs.ts';
import { encodeCallKey } from './system-calls/call-key.ts';
import {
  type CallTally,
  countsBetween,
  type SystemCallCounts,
  type SystemCallSnapshot,
} from './system-calls/counts.ts';

/** read and write of asm/unistd_64.h. */
const readId = 0;
const writeId = 1;

/** Read-like and write-like calls of the text of /proc/PID/task/TID/io (proc_pid_io(5): syscr, syscw). @throws ParseError */
export function parseIo(text: string): { reads: number; writes: number } {
  const reads = labelled(text, 'syscr');
  const writes = labelled(text, 'syscw');
  if (reads === null || writes === null)
    throw new ParseError({ file: 'io', path: 'syscr' }, 'no counts of reads and writes');
  return { reads, writes };
}

/**
 * What the kernel counts by itself, for where bpftrace can't be used: calls of the read family (read, pread64, readv, ...) as
 * `read`, of the write family as `write`, and nothing else: no recvmsg or sendmsg, no ioctl, no waits. Threads that ended in
 * the window are left out.
 */
export class ProcfsIoProbe implements Probe<SystemCallSnapshot, SystemCallCounts> {
  readonly name = 'procfs-io';
  readonly #pids: readonly number[];

  constructor(pids: readonly number[]) {
    this.#pids = pids;
  }

  /** @throws TapbenchError `PROBE_FAILED` where all processes are gone, or one is another user's */
  async snapshot(): Promise<SystemCallSnapshot> {
    return await Promise.resolve(this.#read());
  }

  #read(): SystemCallSnapshot {
    const calls = new Map<bigint, CallTally>();
    const owners = new Map<number, number>();
    const threads = this.#pids.flatMap((pid) => {
      const own = [...readThreads(pid, (folder) => readProcfs(`${folder}/io`))];
      for (const [tid] of own) owners.set(tid, pid);
      return own;
    });
    if (threads.length === 0) throw new TapbenchError('PROBE_FAILED', `process ${this.#pids.join(', ')} is gone`);
    for (const [tid, text] of threads) {
      const { reads, writes } = parseIo(text);
      for (const [id, count] of [
        [readId, reads],
        [writeId, writes],
      ] as const) {
        const key = { tid, id, request: 0 };
        calls.set(encodeCallKey(key), { key, count, timeNs: null });
      }
    }
    return { atNs: monotonicNs(), calls, names: namesOfThreads(this.#pids), owners, lostEvents: null };
  }

  difference(opening: SystemCallSnapshot, closing: SystemCallSnapshot): SystemCallCounts {
    return countsBetween(opening, closing, 'procfs-io');
  }
}
