import { ParseError } from '../record/error.ts';
import type { CpuTimes } from '../record/probe-readings.ts';
import { grown, tickNs } from './procfs.ts';

/** /proc/stat of one edge: the sum, and each CPU that was online. */
export interface CpuTimesByCpu {
  readonly total: CpuTimes;
  readonly cpus: ReadonlyMap<number, CpuTimes>;
}

function parseLine(label: string, columns: readonly string[]): CpuTimes {
  const tick = (index: number): number => {
    const value = Number(columns[index]);
    if (columns[index] === undefined || Number.isNaN(value)) {
      throw new ParseError({ file: '/proc/stat', path: label }, `no number in column ${String(index + 1)}`);
    }
    return value * tickNs;
  };
  // Columns of proc_stat(5); guest time (9 and 10) is part of user and nice.
  return {
    userNs: tick(0),
    niceNs: tick(1),
    systemNs: tick(2),
    idleNs: tick(3),
    iowaitNs: tick(4),
    irqNs: tick(5),
    softirqNs: tick(6),
    stealNs: tick(7),
  };
}

/** Reads the `cpu` lines of a /proc/stat. CPUs that are offline have none. @throws ParseError */
export function parseCpuTimes(text: string): CpuTimesByCpu {
  let total: CpuTimes | null = null;
  const cpus = new Map<number, CpuTimes>();
  for (const line of text.split('\n')) {
    const found = /^cpu(\d*)\s+(.*)$/.exec(line);
    if (found === null) continue;
    const [, number = '', columns = ''] = found;
    const times = parseLine(`cpu${number}`, columns.trim().split(/\s+/));
    if (number === '') total = times;
    else cpus.set(Number(number), times);
  }
  if (total === null) throw new ParseError({ file: '/proc/stat', path: 'cpu' }, 'no line of the sum');
  return { total, cpus };
}

/**
 * Counters only grow, but for idle and iowait, which the kernel says may go back (proc_stat(5)): those count as 0 then.
 * @throws TapbenchError `PROBE_FAILED`
 */
export function timesBetween(opening: CpuTimes, closing: CpuTimes): CpuTimes {
  const delta = (what: keyof CpuTimes): number => grown(`${what} of /proc/stat`, opening[what], closing[what]);
  return {
    userNs: delta('userNs'),
    niceNs: delta('niceNs'),
    systemNs: delta('systemNs'),
    irqNs: delta('irqNs'),
    softirqNs: delta('softirqNs'),
    stealNs: delta('stealNs'),
    idleNs: Math.max(0, closing.idleNs - opening.idleNs),
    iowaitNs: Math.max(0, closing.iowaitNs - opening.iowaitNs),
  };
}
