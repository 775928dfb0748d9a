import { ofProcesses } from '../of-processes.ts';
import { addition, type FrequentKey, packedKey } from '../short-map.ts';
import { idMask } from '../system-calls/call-key.ts';
import type { ScriptWords } from '../thread-numbers.ts';

/** Virtualization of the processor, by the number that kvm:kvm_exit says it with (arch/x86/kvm/trace.h, KVM_ISA_VMX and KVM_ISA_SVM). */
export const isa = { vmx: 1, svm: 2 } as const;
export type Isa = (typeof isa)[keyof typeof isa];

export interface KvmScriptOptions {
  /** Threads that run the guest, the busiest first: the frequent exits of the first four take the short way. */
  readonly tids: readonly number[];
  /** What the processor has; null: unknown, every exit takes the long way. */
  readonly isa: Isa | null;
  /** Whether there is kvm:kvm_fast_mmio. */
  readonly hasFastMmio: boolean;
}

/** What the names of the maps mean. */
export const kvmMapNames = {
  /** Exits from the guest: thread, instruction set (as the `id` of the key) and reason. */
  exits: '@kvmexit',
  /** Returns to the VMM: thread, error number (as the `id`; 0: none) and reason. */
  returns: '@kvmreturn',
  /** Accesses by guest-physical address / 4. */
  mmio: '@kvmmmio',
  mmioTotal: '@kvmmmioall',
  /** Accesses by port. */
  pio: '@kvmpio',
  pioTotal: '@kvmpioall',
} as const;

/** MMIO is told apart by 32-bit words: registers of devices are that wide, and it keeps the number of keys down. */
export const mmioKeyShift = 2;

/** Exits that come all the time: `vmx-exit-reason-table.ts` and `svm-exit-code-table.ts` have their names. */
const frequentExits: Readonly<Record<Isa, readonly number[]>> = {
  // External interrupt, interrupt window, HLT, I/O, MSR write, EOI, EPT violation and misconfiguration, preemption timer, APIC write.
  [isa.vmx]: [1, 7, 12, 30, 32, 45, 48, 49, 52, 56],
  // Interrupt, virtual interrupt, PAUSE, HLT, I/O, MSR, nested page fault, AVIC twice.
  [isa.svm]: [0x60, 0x64, 0x77, 0x78, 0x7b, 0x7c, 0x400, 0x401, 0x402],
};

function frequentKeys(of: Isa | null): FrequentKey[] {
  return of === null ? [] : frequentExits[of].map((request) => ({ id: of, request }));
}

/** Type 0 is a read that nothing in the kernel answers: it comes again, as type 1, with what the VMM answered (arch/x86/kvm/x86.c). */
const unsatisfiedRead = 0;

/**
 * The probes of KVM: exits by reason and thread, returns to the VMM by reason and thread, accesses to devices by address. A guest may touch
 * any number of addresses: the totals beside the maps tell what found no place in them.
 */
export function kvmScript(of: { pids: readonly number[]; words: ScriptWords }, options: KvmScriptOptions): string {
  const ofProcess = ofProcesses(of.words, of.pids);
  const { exits, returns, mmio, mmioTotal, pio, pioTotal } = kvmMapNames;
  const mmioCount = `${mmio}[args->gpa >> ${String(mmioKeyShift)}] = count(); ${mmioTotal} = count();`;
  // On VMX, a notification that an eventfd takes is answered before it is decoded, and is no kvm_mmio.
  const fastMmio = options.hasFastMmio ? `\ntracepoint:kvm:kvm_fast_mmio /${ofProcess}/ { ${mmioCount} }` : '';
  return `
tracepoint:kvm:kvm_exit /${ofProcess}/ {
  $tid = ${of.words.thread};
  $id = (uint64)args->isa;
  $request = (uint64)args->exit_reason;
${addition({ base: exits, value: 'count()', tids: options.tids, frequent: frequentKeys(options.isa) })}
}
tracepoint:kvm:kvm_userspace_exit /${ofProcess}/ {
  $tid = ${of.words.thread};
  $id = (uint64)0;
  $request = (uint64)args->reason;
  if (args->errno < 0) { $id = (uint64)(0 - args->errno) & ${String(idMask)}; $request = (uint64)0; }
  ${returns}[${packedKey}] = count();
}
tracepoint:kvm:kvm_mmio /${ofProcess} && args->type != ${String(unsatisfiedRead)}/ { ${mmioCount} }${fastMmio}
tracepoint:kvm:kvm_pio /${ofProcess}/ { ${pio}[args->port] = count(); ${pioTotal} = count(); }`;
}
