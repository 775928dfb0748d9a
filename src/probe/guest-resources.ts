import { ParseError } from '../record/error.ts';
import type { GuestResources } from '../record/probe-readings.ts';
import { parseCpuTimes, timesBetween } from './cpu-times.ts';
import { labelled } from './procfs.ts';

/** What the guest read at one edge of the window, as text. */
export interface GuestTexts {
  /** /proc/stat */
  readonly stat: string;
  /** /proc/meminfo; looked at for the closing edge alone. */
  readonly meminfo: string;
}

/** CPU of the guest between the edges; memory as of the closing edge. @throws ParseError */
export function parseGuestResources(opening: GuestTexts, closing: GuestTexts): GuestResources {
  const first = parseCpuTimes(opening.stat);
  const last = parseCpuTimes(closing.stat);
  if (last.cpus.size === 0) throw new ParseError({ file: 'stat of the guest', path: 'cpu0' }, 'no CPU');
  return {
    cpu: timesBetween(first.total, last.total),
    cpus: last.cpus.size,
    memoryTotalBytes: memoryBytes(closing.meminfo, 'MemTotal'),
    memoryAvailableBytes: memoryBytes(closing.meminfo, 'MemAvailable'),
  };
}

function memoryBytes(meminfo: string, label: string): number {
  const kibibytes = labelled(meminfo, label);
  if (kibibytes === null) throw new ParseError({ file: 'meminfo of the guest', path: label }, 'no such line');
  // "kB" of /proc/meminfo is 1024 bytes (proc_meminfo(5)).
  return kibibytes * 1024;
}
