import { readdirSync, readFileSync } from 'node:fs';
import { ParseError, TapbenchError } from '../record/error.ts';

/** Times in /proc are in ticks of USER_HZ, which is 100 on x86 whatever the kernel's own HZ (asm-generic/param.h). */
export const tickNs = 1e9 / 100;

/** A process or thread that ended: ENOENT at open, ESRCH at read. */
function isGone(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH');
}

/**
 * Text of a small file of /proc; null where its process or thread is gone. Synchronous: the kernel answers from memory in
 * a few microseconds, less than a turn of the event loop costs.
 * @throws TapbenchError `PROBE_FAILED` for any other reason (no permission)
 */
export function readProcfs(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch (cause) {
    if (isGone(cause)) return null;
    throw new TapbenchError(
      'PROBE_FAILED',
      `${path} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  }
}

/** As `readProcfs`, where the file must be there. @throws TapbenchError `PROBE_FAILED` */
export function demandProcfs(path: string): string {
  const text = readProcfs(path);
  if (text === null) throw new TapbenchError('PROBE_FAILED', `${path}: gone; its process has ended`);
  return text;
}

/** Threads of a process, ascending; empty where it is gone. */
export function listThreads(pid: number): number[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`)
      .map(Number)
      .toSorted((a, b) => a - b);
  } catch (cause) {
    if (isGone(cause)) return [];
    throw cause;
  }
}

/** A file of each thread of a process, by tid, without those that are gone. */
export function readThreads<T>(pid: number, read: (folder: string, tid: number) => T | null): Map<number, T> {
  const found = new Map<number, T>();
  for (const tid of listThreads(pid)) {
    const value = read(`/proc/${String(pid)}/task/${String(tid)}`, tid);
    if (value !== null) found.set(tid, value);
  }
  return found;
}

/** /proc/PID/comm of each thread: at most 15 bytes. */
export function threadNames(pid: number): Map<number, string> {
  return readThreads(pid, (folder) => readProcfs(`${folder}/comm`)?.replace(/\n$/, '') ?? null);
}

/** The same of several processes. */
export function namesOfThreads(pids: readonly number[]): Map<number, string> {
  return new Map(pids.flatMap((pid) => [...threadNames(pid)]));
}

/** What proc_pid_stat(5) says of a process or thread. */
export interface StatFields {
  readonly name: string;
  readonly userNs: number;
  readonly systemNs: number;
  /** Time in a guest, part of `userNs`. */
  readonly guestNs: number;
  /** Ticks after the boot: tells two threads with one tid apart. */
  readonly startTicks: number;
}

/** The name, and the numbers behind it by their place in proc_pid_stat(5). @throws ParseError where there is no name, or no number at a place that is asked for */
function statOf(text: string): { readonly name: string; readonly field: (number: number) => number } {
  // The name stands in parentheses and may hold any character, `)` too.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) throw new ParseError({ file: 'stat', path: 'field 2' }, 'no name in parentheses');
  // Field 3 (state) is the first after the name.
  const fields = text
    .slice(close + 2)
    .trim()
    .split(' ')
    .map(Number);
  const field = (number: number): number => {
    const value = fields[number - 3];
    if (value === undefined || Number.isNaN(value))
      throw new ParseError({ file: 'stat', path: `field ${String(number)}` }, 'no number');
    return value;
  };
  return { name: text.slice(open + 1, close), field };
}

/** @throws ParseError */
export function parseStat(text: string): StatFields {
  const { name, field } = statOf(text);
  return {
    name,
    userNs: field(14) * tickNs,
    systemNs: field(15) * tickNs,
    startTicks: field(22),
    guestNs: field(43) * tickNs,
  };
}

/** CPU time of the processes that this one had started and that have ended, with those that they had started, ns. @throws ParseError */
export function parseEndedNs(text: string): number {
  const { field } = statOf(text);
  return (field(16) + field(17)) * tickNs;
}

/** Run and wait time of /proc/PID/schedstat (Documentation/scheduler/sched-stats.rst), ns, exact. @throws ParseError */
export function parseSchedstat(text: string): { runNs: number; waitNs: number } {
  const [runNs, waitNs] = text.trim().split(' ').map(Number);
  if (runNs === undefined || waitNs === undefined || Number.isNaN(runNs + waitNs)) {
    throw new ParseError({ file: 'schedstat', path: 'line 1' }, 'not two numbers');
  }
  return { runNs, waitNs };
}

/** Number behind `label:` in a text of `label: number` lines; null where there is none. */
export function labelled(text: string, label: string): number | null {
  const found = new RegExp(`^${label}:\\s*(\\d+)`, 'm').exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** `closing - opening` of a counter. @throws TapbenchError `PROBE_FAILED` where it went back */
export function grown(what: string, opening: number, closing: number): number {
  if (closing < opening) {
    throw new TapbenchError('PROBE_FAILED', `${what} went back from ${String(opening)} to ${String(closing)}`);
  }
  return closing - opening;
}
