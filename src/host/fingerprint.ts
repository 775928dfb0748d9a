import { createHash } from 'node:crypto';
import type { HostFacts } from '../record/host.ts';

/** MemTotal differs by some MB from boot to boot, by what the kernel keeps for itself; installed memory comes in larger steps. */
const memoryStepBytes = 256 * 1024 ** 2;

/** What a process is scheduled by where nobody chose otherwise, the weight by version of its control group (cgroups(7)). */
const usualWeight = { 1: 1024, 2: 100 } as const;

/** How our processes are scheduled, where that is not as on any host that nobody changed: another nice value, a quota, another scheduler. */
function unusualScheduling({ scheduling }: Pick<HostFacts, 'scheduling'>): readonly unknown[] {
  if (scheduling === null) return [];
  const { isAutogroupOn, autogroupNice, nice, policy, cpuGroup, extension } = scheduling;
  const weight = cpuGroup?.weight ?? null;
  const differs: readonly (readonly [string, unknown, unknown])[] = [
    ['autogroup', isAutogroupOn ?? true, true],
    ['autogroupNice', autogroupNice ?? 0, 0],
    ['nice', nice ?? 0, 0],
    ['policy', policy ?? 'other', 'other'],
    ['weight', weight, weight === null || cpuGroup === null ? null : usualWeight[cpuGroup.version]],
    ['limit', cpuGroup?.limit ?? null, null],
    ['extension', extension, null],
  ];
  return differs.filter(([, value, usual]) => value !== usual).map(([name, value]) => [name, value]);
}

/** sha256 (hex) over what must be equal for two runs to be of the same machine: CPU, kernel, memory, command line; scheduling where it is not the usual one. */
export function fingerprint(facts: Pick<HostFacts, 'cpu' | 'hypervisor' | 'memory' | 'kernel' | 'scheduling'>): string {
  const { cpu, kernel } = facts;
  const scheduling = unusualScheduling(facts);
  const identity = {
    ...(scheduling.length === 0 ? {} : { scheduling }),
    cpu: [
      cpu.model,
      cpu.vendor,
      cpu.microcode,
      cpu.logicalCpus,
      cpu.physicalCores,
      cpu.sockets,
      cpu.numaNodes,
      cpu.smt,
    ],
    mitigations: Object.entries(cpu.vulnerabilities).sort(([a], [b]) => (a < b ? -1 : 1)),
    hypervisor: facts.hypervisor,
    memorySteps: Math.round(facts.memory.totalBytes / memoryStepBytes),
    kernel: [kernel.release, kernel.version, kernel.configSha256, kernel.commandLine],
  };
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
