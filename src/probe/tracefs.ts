import { existsSync } from 'node:fs';
import { run } from '../lab/process.ts';
import { demandProcfs } from './procfs.ts';

/** `unmounted`: the kernel has it and it can be mounted; `absent`: a kernel without tracing. */
export type TracefsState = 'mounted' | 'unmounted' | 'absent';

/** Where the kernel keeps a folder for it (Documentation/trace/ftrace.rst). */
export const tracefsFolder = '/sys/kernel/tracing';

/** Whether the events that bpftrace attaches to can be found. */
export function tracefsState(): TracefsState {
  const mounts = demandProcfs('/proc/self/mounts').split('\n');
  if (mounts.some((line) => line.split(' ')[1] === tracefsFolder && line.split(' ')[2] === 'tracefs')) return 'mounted';
  const isKnown = /^nodev\s+tracefs$/m.test(demandProcfs('/proc/filesystems'));
  return isKnown && existsSync(tracefsFolder) ? 'unmounted' : 'absent';
}

/**
 * Mounts tracefs for the whole host: the caller writes that into its ledger first.
 * @throws TapbenchError `PROCESS_FAILED` without root
 */
export async function mountTracefs(): Promise<void> {
  await run(['mount', '-t', 'tracefs', 'tracefs', tracefsFolder], { deadlineMs: 5_000 });
}
