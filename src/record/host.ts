import { z } from 'zod';
import { count, integer, name, positive } from './bounds.ts';

/** A program that took part, as found on the host. */
export const programFacts = z.strictObject({
  name: z.string(),
  path: z.string(),
  /** The version it prints of itself. */
  version: z.string(),
  sha256: z.string(),
  /** `package=version` of the distribution; null where no package owns it. */
  package: z.string().nullable(),
});
export type ProgramFacts = z.infer<typeof programFacts>;

/** Facts about the machine that shape a figure. null: the machine does not say. */
export const hostFacts = z.strictObject({
  cpu: z.strictObject({
    model: z.string(),
    vendor: z.string().nullable(),
    microcode: z.string().nullable(),
    /** Logical CPUs online. */
    logicalCpus: positive,
    physicalCores: positive.nullable(),
    sockets: positive.nullable(),
    threadsPerCore: positive.nullable(),
    numaNodes: positive.nullable(),
    /** `on`, `off`, `forceoff`, `notsupported`, `notimplemented`. */
    smt: z.string().nullable(),
    governor: z.string().nullable(),
    frequencyDriver: z.string().nullable(),
    isTurboOn: z.boolean().nullable(),
    minimumHz: count.nullable(),
    maximumHz: count.nullable(),
    /** Of /sys/devices/system/cpu/vulnerabilities. */
    vulnerabilities: z.record(z.string(), z.string()),
  }),
  /** `kvm`, `xen`, ... where this host is itself a guest; null on bare metal or where it does not say. */
  hypervisor: z.string().nullable(),
  memory: z.strictObject({
    totalBytes: count,
    swapTotalBytes: count,
    transparentHugepages: z.string().nullable(),
    isKsmRunning: z.boolean().nullable(),
  }),
  kernel: z.strictObject({
    release: z.string(),
    version: z.string(),
    commandLine: z.string(),
    /** sha256 of the kernel's configuration text; null where the kernel does not show it. */
    configSha256: z.string().nullable(),
    clocksource: z.string().nullable(),
    preemption: z.string().nullable(),
  }),
  /** How the kernel schedules VMM, servers and clients, which are of tapbench's own session, priority and control group. null: the record is older. */
  scheduling: z
    .strictObject({
      /** kernel.sched_autogroup_enabled: sessions are weighed against each other, not processes. */
      isAutogroupOn: z.boolean().nullable(),
      /** Of the session. */
      autogroupNice: integer.nullable(),
      nice: integer.nullable(),
      /** `other`, `batch`, `idle`, `fifo`, `rr`, `deadline`, `ext`. */
      policy: z.string().nullable(),
      cpuGroup: z
        .strictObject({
          path: z.string(),
          version: z.union([z.literal(1), z.literal(2)]),
          /** cpu.weight (default 100), or cpu.shares of version 1 (default 1024). */
          weight: count.nullable(),
          /** Quota and period, us; null: no limit. */
          limit: z.string().nullable(),
        })
        .nullable(),
      /** Of /sys/kernel/debug/sched/features; null where debugfs is not mounted. */
      features: z.array(z.string()).nullable(),
      /** Name of the scheduler that sched_ext has loaded; null: none. */
      extension: z.string().nullable(),
    })
    .nullable(),
  operatingSystem: z.string().nullable(),
  /** One id a boot of the host. */
  bootId: z.string(),
  /** sysctl key (dotted) to value, those that shape TCP and scheduling. */
  sysctls: z.record(z.string(), z.string()),
  programs: z.array(programFacts),
  tapbench: z.strictObject({ version: z.string(), node: z.string(), commit: z.string().nullable() }),
  /** Whether guests really run on this machine's KVM. */
  kvm: z.strictObject({ isUsable: z.boolean(), reason: z.string() }),
  tracing: z.strictObject({ isUsable: z.boolean(), reason: z.string() }),
  /** sha256 over what must be equal for two runs to be of the same machine: CPU, kernel, memory, cmdline, and scheduling where it is not the usual one. */
  fingerprint: name,
});
export type HostFacts = z.infer<typeof hostFacts>;
