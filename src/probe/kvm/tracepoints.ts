import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { tracefsFolder, tracefsState, withTracefs } from '../tracefs.ts';
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

/** Counted where the kernel has it: writes that KVM itself takes to an eventfd. */
const fastMmio = 'kvm_fast_mmio';

const deadlineMs = 5_000;

/** Texts of the events' `format` by name, of those that the kernel has; where KVM is a module, only while it is loaded. */
export type EventFormats = ReadonlyMap<string, string>;

/** @param folder for tests: where tracefs keeps the events of KVM */
export async function kvmEventFormats(folder?: string): Promise<EventFormats> {
  const events = folder ?? join(tracefsFolder, 'events/kvm');
  const names = [...Object.keys(needed), fastMmio];
  if (folder === undefined && tracefsState() === 'unmounted') return await formatsBeyond(events, names);
  const texts = await Promise.all(
    names.map(async (name) => await readFile(join(events, name, 'format'), 'latin1').catch(() => null)),
  );
  return new Map(names.flatMap((name, index) => (typeof texts[index] === 'string' ? [[name, texts[index]]] : [])));
}

/** Reads them in a mount namespace that has tracefs. */
async function formatsBeyond(events: string, names: readonly string[]): Promise<EventFormats> {
  const argv = ['head', '--verbose', '--lines=-0', ...names.map((name) => join(events, name, 'format'))];
  const result = await run(withTracefs(argv), { deadlineMs, acceptsFailure: true }).catch(() => null);
  const texts = (result?.stdout ?? '').split(/^==> .*\/(\w+)\/format <==$/m);
  return new Map(names.flatMap((name) => (texts.includes(name) ? [[name, texts[texts.indexOf(name) + 1] ?? '']] : [])));
}

/** Whether the text of an event's `format` has the field. */
export function hasField(format: string, field: string): boolean {
  return new RegExp(`^\\s*field:[^;]*\\b${field};`, 'm').test(format);
}

/** Whether the kernel has what is counted. */
export function kvmTracepoints(formats: EventFormats): KvmTracepoints {
  if (formats.size === 0) return { isUsable: false, reason: 'this kernel has no KVM tracepoints' };
  for (const [event, fields] of Object.entries(needed)) {
    const format = formats.get(event);
    if (format === undefined) return { isUsable: false, reason: `this kernel has no tracepoint kvm:${event}` };
    const missing = fields.find((field) => !hasField(format, field));
    if (missing !== undefined) {
      return { isUsable: false, reason: `the tracepoint kvm:${event} of this kernel has no field ${missing}` };
    }
  }
  return { isUsable: true, hasFastMmio: formats.has(fastMmio) };
}

/** The virtualization that the processor says it has, from /proc/cpuinfo; null where it names none. */
export function isaOf(cpuinfo: string): Isa | null {
  const flag = /^flags\s*:.*\b(vmx|svm)\b/m.exec(cpuinfo)?.[1];
  return flag === 'vmx' || flag === 'svm' ? isa[flag] : null;
}
