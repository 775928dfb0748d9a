import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { capacityNs } from './cpu-shares.ts';
import { percent, shareOf } from './quantity.ts';

const audit = 'steal';

/** As large as the differences that a comparison is to find. */
const doubtAbove = 0.01;

/** Time in which the hypervisor under this host ran somebody else (proc_stat(5), `steal`). */
export const steal: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const total = measurement.hostCpu?.total;
    if (total === undefined) return [];
    const share = shareOf(total.stealNs, capacityNs(total));
    if (share <= doubtAbove) return [];
    const message = `${percent(share)} of the host's CPU time was taken by the hypervisor below it (steal)`;
    return [{ level: 'doubt', audit, message, concerns: ['all'] }];
  },
};
