import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { percent, shareOf, sum } from './quantity.ts';

const audit = 'cpu-wait';

/** Schedulers let a thread wait for a few per cent of its time on a host with room; a tenth is a queue for the CPU. */
const noteAbove = 0.1;

/** The VMM's threads were ready to run and had no CPU: the figure is of a host with too few of them. */
export const cpuWait: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement }: AuditContext): Finding[] {
    const waitNs = sum(measurement.threads.map((thread) => thread.waitNs));
    const runNs = sum(measurement.threads.map((thread) => thread.runNs));
    const share = shareOf(waitNs, waitNs + runNs);
    if (share <= noteAbove) return [];
    const message = `the VMM's threads waited for a CPU during ${percent(share)} of the time in which they could have run`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
