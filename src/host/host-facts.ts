import type { HostFacts, ProgramFacts } from '../record/host.ts';
import { cpuFacts } from './cpu-facts.ts';
import { fingerprint } from './fingerprint.ts';
import { hypervisor } from './hypervisor.ts';
import { kernelFacts, operatingSystem } from './kernel-facts.ts';
import { type MachineFiles, machineFiles } from './machine-files.ts';
import { memoryFacts } from './memory-facts.ts';
import { ownFacts } from './own-facts.ts';
import { schedulingFacts } from './scheduling-facts.ts';
import { sysctlFacts } from './sysctl-facts.ts';

/** What only trying tells: whether guests run on KVM, and whether the kernel can be traced. */
export type HostVerdicts = Pick<HostFacts, 'kvm' | 'tracing'>;

/** What files alone tell of the machine as it is now. */
export type MachineFacts = Omit<HostFacts, 'programs' | keyof HostVerdicts>;

/** File reads alone, no process. Where a file is absent the fact is null. */
export function machineFacts(files: MachineFiles = machineFiles()): MachineFacts {
  const machine = {
    cpu: cpuFacts(files.text('/proc/cpuinfo') ?? '', files),
    hypervisor: hypervisor(files),
    memory: memoryFacts(files),
    kernel: kernelFacts(files),
    scheduling: schedulingFacts(files),
  };
  return {
    ...machine,
    operatingSystem: operatingSystem(files),
    bootId: files.text('/proc/sys/kernel/random/boot_id') ?? 'unknown',
    sysctls: sysctlFacts(files),
    tapbench: ownFacts(),
    fingerprint: fingerprint(machine),
  };
}

/** Everything that a run records of its host. */
export function gatheredHostFacts(
  machine: MachineFacts,
  programs: readonly ProgramFacts[],
  verdicts: HostVerdicts,
): HostFacts {
  return { ...machine, programs: [...programs], kvm: verdicts.kvm, tracing: verdicts.tracing };
}
