import { readdirSync } from 'node:fs';
import { labelled, readProcfs } from './procfs.ts';

/** kthreadd, the parent of every thread of the kernel (init/main.c). */
const kthreadd = 2;

export interface VhostWorker {
  readonly tid: number;
  readonly name: string;
}

/**
 * The workers of vhost that a process has in the kernel but outside of itself: before Linux 6.4 they are threads of the kernel, each
 * named `vhost-N` after the thread N that took the device (vhost_dev_set_owner of drivers/vhost/vhost.c). Since 6.4 they are threads of the process, and
 * this finds none. They live as long as the device is open, so that one look before a window is enough.
 * Inside a pid namespace the kernel's threads can't be seen: none are found.
 * @param proc for tests: where /proc is
 */
export function vhostWorkers(pid: number, proc = '/proc'): VhostWorker[] {
  const names = new Set(numbersIn(`${proc}/${String(pid)}/task`).map((tid) => `vhost-${String(tid)}`));
  if (names.size === 0) return [];
  return numbersIn(proc).flatMap((tid) => {
    const name = readProcfs(`${proc}/${String(tid)}/comm`)?.trimEnd() ?? '';
    if (!names.has(name)) return [];
    const status = readProcfs(`${proc}/${String(tid)}/status`) ?? '';
    return labelled(status, 'PPid') === kthreadd ? [{ tid, name }] : [];
  });
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    // The process is gone: whoever reads it next says so.
    return [];
  }
}
