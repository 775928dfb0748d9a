import { existsSync } from 'node:fs';
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
 * The command line of a program that needs tracefs. Machines without systemd don't mount it by themselves: then the program gets it in a mount
 * namespace of its own, which nobody else sees and which ends with the program, however that ends. The process stays the same one. Needs root.
 */
export function withTracefs(argv: readonly string[]): readonly string[] {
  if (tracefsState() !== 'unmounted') return argv;
  const script = `mount -t tracefs tracefs ${tracefsFolder} && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...argv];
}
