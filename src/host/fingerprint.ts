import { createHash } from 'node:crypto';
import type { HostFacts } from '../record/host.ts';

/** MemTotal differs by some MB from boot to boot, by what the kernel keeps for itself; installed memory comes in larger steps. */
const memoryStepBytes = 256 * 1024 ** 2;

/** sha256 (hex) over what must be equal for two runs to be of the same machine: CPU, kernel, memory, command line. */
export function fingerprint(facts: Pick<HostFacts, 'cpu' | 'hypervisor' | 'memory' | 'kernel'>): string {
  const { cpu, kernel } = facts;
  const identity = {
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
