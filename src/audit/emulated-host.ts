import { emulatedHypervisor } from '../record/emulated-hypervisor.ts';
import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'emulated-host';

/** The machine that was measured on was a program: what happened and how often is right, how long it took is not of any hardware. */
export const emulatedHost: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ host }: AuditContext): Finding[] {
    if (host?.hypervisor !== emulatedHypervisor) return [];
    const message = 'the whole machine was emulated: times and rates are not those of hardware; counts are';
    return [{ level: 'doubt', audit, message, concerns: ['throughput', 'latency', 'cost'] }];
  },
};
