import type { Finding } from '../record/finding.ts';
import { machineCount, virtualCpus } from '../record/topology.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'oversubscription';

/** The guests have more virtual CPUs than the host has CPUs: each waits for the others. That may be what is measured, and is to be known. */
export const oversubscription: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ trial, host }: AuditContext): Finding[] {
    const { topology, pairs, vmm } = trial.configuration;
    if (topology === null || vmm.vcpus === null || host === null) return [];
    const machines = machineCount({ topology, pairs });
    const virtual = virtualCpus({ topology, pairs, vmm: { vcpus: vmm.vcpus, server: vmm.server } });
    const { logicalCpus } = host.cpu;
    if (virtual <= logicalCpus) return [];
    const vms = machines === 1 ? 'the VM has' : `${String(machines)} VMs have`;
    const message = `${vms} ${String(virtual)} virtual CPUs, and the host ${String(logicalCpus)}: they wait for each other`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
