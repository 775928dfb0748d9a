import { readdirSync } from 'node:fs';
import { labelled, readProcfs } from './procfs.ts';

/** Files of /proc that speak of the BPF programs which a process holds. */
export function programInfoFiles(pid: number): string[] {
  const folder = `/proc/${String(pid)}/fdinfo`;
  return readdirSync(folder)
    .map((fd) => `${folder}/${fd}`)
    .filter((path) => readProcfs(path)?.includes('prog_type:') === true);
}

/**
 * Events at which the kernel did not run a program. That happens while another BPF program, or a read of a map, holds the
 * CPU (`recursion_misses`, bpf_prog_show_fdinfo of kernel/bpf/syscall.c): a dump that is preempted by the traced thread.
 * null where the kernel does not count them.
 */
export function missedEvents(files: readonly string[]): number | null {
  const counts = files
    .map((path) => labelled(readProcfs(path) ?? '', 'recursion_misses'))
    .filter((count) => count !== null);
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}
