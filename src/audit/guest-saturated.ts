import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { idleShare } from './cpu-shares.ts';
import { percent } from './quantity.ts';

const audit = 'guest-saturated';

const noteIdleBelow = 0.05;

/** The guest had no CPU to spare: the figure may be the guest's CPU rather than the path. Expected for bulk data under an emulated CPU. */
export const guestSaturated: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement }: AuditContext): Finding[] {
    const { guestResources } = measurement;
    if (guestResources === null || Object.values(guestResources.cpu).every((ns) => ns === 0)) return [];
    const idle = idleShare(guestResources.cpu);
    if (idle >= noteIdleBelow) return [];
    const message = `the guest's CPU was idle for ${percent(idle)} of the window: it may be the limit, not the path`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
