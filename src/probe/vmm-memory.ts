import { ParseError, refusalOf, TapbenchError } from '../record/error.ts';
import type { VmmMemory } from '../record/probe-readings.ts';
import { labelled, readProcfs } from './procfs.ts';

/** "kB" of smaps_rollup are KiB (Documentation/filesystems/proc.rst). */
const bytesPerKilobyte = 1024;

/** The sums over all mappings of a process, from /proc/PID/smaps_rollup. @throws ParseError */
export function parseMemory(text: string): VmmMemory {
  const bytes = (label: string): number => {
    const kilobytes = labelled(text, label);
    if (kilobytes === null) throw new ParseError({ file: 'smaps_rollup', path: label }, 'no number');
    return kilobytes * bytesPerKilobyte;
  };
  return { residentBytes: bytes('Rss'), proportionalBytes: bytes('Pss'), swapBytes: bytes('Swap') };
}

/**
 * What a process has in memory now. Not for inside a window: the kernel walks all its page tables, and holds the lock of its mappings meanwhile.
 * @throws TapbenchError `PROBE_FAILED` where the kernel has no such file, or does not let us read it
 */
export function readMemory(pid: number): VmmMemory {
  const folder = `/proc/${String(pid)}`;
  const text = readProcfs(`${folder}/smaps_rollup`);
  if (text !== null) return parseMemory(text);
  const isThere = readProcfs(`${folder}/stat`) !== null;
  const why = isThere ? 'this kernel has no smaps_rollup' : 'the process has ended';
  throw new TapbenchError('PROBE_FAILED', `memory of process ${String(pid)}: ${why}`);
}

/** The same; why not, where it can't be had. */
export function memoryOrReason(pid: number): VmmMemory | TapbenchError {
  try {
    return readMemory(pid);
  } catch (error) {
    return refusalOf(error);
  }
}
