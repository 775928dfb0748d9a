import type { HostFacts } from '../record/host.ts';
import { bracketed } from './bracketed.ts';
import type { MachineFiles } from './machine-files.ts';

/** "kB" of /proc/meminfo are KiB (proc_meminfo(5)). */
const bytesPerKilobyte = 1024;

/** A line of /proc/meminfo in bytes; null where the kernel has none of that name. */
export function memoryInfoBytes(files: MachineFiles, name: string): number | null {
  const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(files.text('/proc/meminfo') ?? '')?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * bytesPerKilobyte;
}

export function memoryFacts(files: MachineFiles): HostFacts['memory'] {
  const ksm = files.text('/sys/kernel/mm/ksm/run');
  return {
    totalBytes: memoryInfoBytes(files, 'MemTotal') ?? 0,
    swapTotalBytes: memoryInfoBytes(files, 'SwapTotal') ?? 0,
    transparentHugepages: bracketed(files.text('/sys/kernel/mm/transparent_hugepage/enabled')),
    // 1: merging; 0 and 2: stopped (Documentation/admin-guide/mm/ksm.rst).
    isKsmRunning: ksm === null ? null : ksm === '1',
  };
}
