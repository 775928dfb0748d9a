import type { MachineFiles } from './machine-files.ts';
import { sysctlKeys } from './sysctl-table.ts';

/** Values by dotted key, those that this kernel has; several numbers are parted by one space. */
export function sysctlFacts(files: MachineFiles): Record<string, string> {
  const scheduler = files.names('/proc/sys/kernel').filter((name) => name.startsWith('sched_'));
  const keys = [...sysctlKeys, ...scheduler.map((name) => `kernel.${name}`)].sort();
  const entries = keys.flatMap((key) => {
    const value = files.text(`/proc/sys/${key.replaceAll('.', '/')}`);
    return value === null ? [] : [[key, value.replace(/\s+/g, ' ')] as const];
  });
  return Object.fromEntries(entries);
}
