import { emulatedHypervisor } from '../record/emulated-hypervisor.ts';
import type { MachineFiles } from './machine-files.ts';

/** Clock sources that only a guest of that hypervisor has. */
const clocks: readonly (readonly [RegExp, string])[] = [
  [/\bkvm-clock\b/, 'kvm'],
  [/\bhyperv_clocksource/, 'hyperv'],
  [/\bxen\b/, 'xen'],
];

/** Makers and products that only virtual machines carry in their DMI tables. */
const makers: readonly (readonly [RegExp, string])[] = [
  [/\bVMware\b/, 'vmware'],
  [/\bVirtualBox\b|\binnotek\b/, 'virtualbox'],
  [/\bMicrosoft Corporation Virtual Machine\b/, 'hyperv'],
  [/\bXen\b/, 'xen'],
  [/\bQEMU\b|\bKVM\b|\bBochs\b|\bAmazon EC2\b|\bGoogle Compute Engine\b/, 'kvm'],
];

function match(table: typeof clocks, text: string | null): string | null {
  return text === null ? null : (table.find(([pattern]) => pattern.test(text))?.[1] ?? null);
}

/** The hypervisor that this host is a guest of; `unknown` where the CPU says that there is one but not which; null for none. */
export function hypervisor(files: MachineFiles): string | null {
  const isGuest = /^flags\s*:.*\bhypervisor\b/m.test(files.text('/proc/cpuinfo') ?? '');
  if (!isGuest) return files.text('/sys/hypervisor/type');
  // QEMU's model `max` under TCG (target/i386/cpu.c, max_x86_cpu_initfn): under KVM it has the name of the host's processor.
  if (/^model name\s*:\s*QEMU TCG CPU\b/m.test(files.text('/proc/cpuinfo') ?? '')) return emulatedHypervisor;
  const dmi = ['sys_vendor', 'product_name'].map((name) => files.text(`/sys/class/dmi/id/${name}`) ?? '').join(' ');
  return (
    files.text('/sys/hypervisor/type') ??
    match(clocks, files.text('/sys/devices/system/clocksource/clocksource0/available_clocksource')) ??
    match(makers, dmi) ??
    'unknown'
  );
}
