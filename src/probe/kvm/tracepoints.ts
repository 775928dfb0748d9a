import { existsSync, readFileSync } from 'node:fs';
import { tracefsFolder } from '../tracefs.ts';
import { type Isa, isa } from './script.ts';

/** What of KVM can be traced on this host. */
export type KvmTracepoints =
  | { readonly isUsable: true; readonly hasFastMmio: boolean }
  | { readonly isUsable: false; readonly reason: string };

/** The events that are counted, and the fields of them that the script reads (arch/x86/kvm/trace.h, include/trace/events/kvm.h). */
const needed: Readonly<Record<string, readonly string[]>> = {
  kvm_exit: ['exit_reason', 'isa'],
  kvm_userspace_exit: ['reason', 'errno'],
  kvm_mmio: ['type', 'gpa'],
  kvm_pio: ['port'],
};

/** Whether the text of an event's `format` has the field. */
export function hasField(format: string, field: string): boolean {
  return new RegExp(`^\\s*field:[^;]*\\b${field};`, 'm').test(format);
}

/**
 * Whether the kernel has the events; where KVM is a module, only while it is loaded.
 * @param folder for tests: where tracefs keeps the events of KVM
 */
export function kvmTracepoints(folder = `${tracefsFolder}/events/kvm`): KvmTracepoints {
  if (!existsSync(folder)) return { isUsable: false, reason: 'this kernel has no KVM tracepoints' };
  for (const [event, fields] of Object.entries(needed)) {
    const path = `${folder}/${event}/format`;
    if (!existsSync(path)) return { isUsable: false, reason: `this kernel has no tracepoint kvm:${event}` };
    const format = readFileSync(path, 'latin1');
    const missing = fields.find((field) => !hasField(format, field));
    if (missing !== undefined) {
      return { isUsable: false, reason: `the tracepoint kvm:${event} of this kernel has no field ${missing}` };
    }
  }
  return { isUsable: true, hasFastMmio: existsSync(`${folder}/kvm_fast_mmio`) };
}

/** The virtualization that the processor says it has, from /proc/cpuinfo; null where it names none. */
export function isaOf(cpuinfo: string): Isa | null {
  const flag = /^flags\s*:.*\b(vmx|svm)\b/m.exec(cpuinfo)?.[1];
  return flag === 'vmx' || flag === 'svm' ? isa[flag] : null;
}
