import type { HostFacts } from '../../record/host.ts';
import { bracketed } from '../bracketed.ts';
import type { MachineFiles } from '../machine-files.ts';
import { type Requirement, requirement } from './requirement.ts';

/** What trying the tracer has shown, and where tracefs is. */
export interface TracingTried {
  readonly verdict: HostFacts['tracing'];
  readonly tracefs: 'mounted' | 'unmounted' | 'absent';
}

const tracefsWords: Readonly<Record<TracingTried['tracefs'], string>> = {
  mounted: 'mounted',
  unmounted: 'not mounted: the tracer gets it in a mount namespace of its own',
  absent: 'this kernel has none',
};

function tracefsRequirement(tracefs: TracingTried['tracefs']): Requirement {
  return requirement({
    name: 'tracefs',
    isOk: tracefs !== 'absent',
    what: tracefsWords[tracefs],
    meaning: 'the tracer finds its tracepoints there: it needs a kernel with CONFIG_FTRACE',
    isVital: false,
  });
}

function restrictions(files: MachineFiles): Requirement[] {
  const lockdown = bracketed(files.text('/sys/kernel/security/lockdown'));
  const paranoid = files.text('/proc/sys/kernel/perf_event_paranoid');
  const jit = files.text('/proc/sys/net/core/bpf_jit_enable');
  return [
    requirement({
      name: 'BTF',
      isOk: files.names('/sys/kernel/btf').includes('vmlinux'),
      what: files.names('/sys/kernel/btf').includes('vmlinux') ? '/sys/kernel/btf/vmlinux' : 'the kernel has none',
      meaning: 'types of the kernel for the tracer; counting system calls goes without',
      isVital: false,
    }),
    requirement({
      name: 'kernel lockdown',
      isOk: lockdown === null || lockdown === 'none' || lockdown === 'integrity',
      what: lockdown ?? 'not in this kernel',
      meaning: '`confidentiality` forbids BPF to read the kernel',
      isVital: false,
    }),
    requirement({
      name: 'BPF compiler',
      isOk: jit !== '0',
      what: `net.core.bpf_jit_enable ${jit ?? 'absent (always on)'}, kernel.perf_event_paranoid ${paranoid ?? 'absent'}`,
      meaning: 'interpreted BPF makes tracing several times dearer for what is traced',
      mend: "sh -c 'echo 1 >/proc/sys/net/core/bpf_jit_enable'",
      isVital: false,
    }),
  ];
}

/** Whether system calls can be traced, and what hinders it. */
export function checkTracing({ verdict, tracefs }: TracingTried, files: MachineFiles): Requirement[] {
  const attach = requirement({
    name: 'BPF tracing',
    isOk: verdict.isUsable,
    what: verdict.reason,
    meaning: 'without it system calls are not counted by name: only reads and writes, from /proc',
    isVital: false,
  });
  return [attach, tracefsRequirement(tracefs), ...restrictions(files)];
}
