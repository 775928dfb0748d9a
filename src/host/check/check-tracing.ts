import { findExecutable } from '../../lab/executable.ts';
import { run } from '../../lab/process.ts';
import type { HostFacts } from '../../record/host.ts';
import { bracketed } from '../bracketed.ts';
import type { MachineFiles } from '../machine-files.ts';
import { type Requirement, requirement } from './requirement.ts';

/** Attaching to one tracepoint takes 1.4 s on a slow machine; it may be busy. */
const deadlineMs = 20_000;

/** The tracepoint that the system-call probe lives on, attached to and left at once. */
const program = 'tracepoint:raw_syscalls:sys_enter /pid == 1/ { @ = count(); } interval:ms:1 { clear(@); exit(); }';

/** Whether bpftrace really attaches on this machine, found by doing it. Takes a second or so. */
export async function examineTracing(): Promise<HostFacts['tracing']> {
  const path = await findExecutable('bpftrace');
  if (path === null) return { isUsable: false, reason: 'bpftrace is not installed' };
  try {
    await run([path, '-e', program], { deadlineMs });
    return { isUsable: true, reason: 'bpftrace attached to raw_syscalls:sys_enter' };
  } catch (cause) {
    return {
      isUsable: false,
      reason: (cause instanceof Error ? cause.message : String(cause)).split('\n').at(-1) ?? '',
    };
  }
}

function tracefs(files: MachineFiles): Requirement {
  const folder = ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].find(
    (place) => files.names(`${place}/events/raw_syscalls`).length > 0,
  );
  return requirement({
    name: 'tracefs',
    isOk: folder !== undefined,
    what: folder === undefined ? 'no raw_syscalls tracepoints seen' : `${folder}, with raw_syscalls`,
    meaning: 'the tracer finds its tracepoints there',
    mend: 'mount -t tracefs tracefs /sys/kernel/tracing',
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
export async function checkTracing(files: MachineFiles): Promise<Requirement[]> {
  const verdict = await examineTracing();
  const attach = requirement({
    name: 'BPF tracing',
    isOk: verdict.isUsable,
    what: verdict.reason,
    meaning: 'without it system calls are not counted by name: only reads and writes, from /proc',
    mend: 'apt-get install -y --no-install-recommends bpftrace',
    isVital: false,
  });
  return [attach, tracefs(files), ...restrictions(files)];
}
