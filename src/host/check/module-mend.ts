import type { MachineFiles } from '../machine-files.ts';

/** As the kernel compares them: `kvm-intel.ko` is the module kvm_intel. */
const spelling = (name: string): string => name.replaceAll('-', '_');

/** The command that loads the first of these modules that the running kernel's folder of modules has; null where it has none of them. */
export function moduleMend(files: MachineFiles, modules: readonly string[]): string | null {
  const release = files.text('/proc/sys/kernel/osrelease') ?? '';
  const list = files.text(`/lib/modules/${release}/modules.dep`) ?? '';
  const known = new Set([...list.matchAll(/^(?:\S*\/)?([^/\s]+)\.ko\S*:/gm)].map(([, name]) => spelling(name ?? '')));
  const found = modules.find((module) => known.has(module));
  return found === undefined ? null : `modprobe ${found}`;
}
