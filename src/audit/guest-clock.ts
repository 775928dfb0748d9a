import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'guest-clock';

/**
 * A guest whose clock advances by timer ticks only (kernel/time/jiffies.c: 4 ms at 250 Hz, late where the VMM gets no CPU): what it times itself is as
 * coarse. Kernels fall back to it where they take their time stamp counter for unstable.
 */
export const guestClock: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ trial }: AuditContext): Finding[] {
    const source = trial.guest?.clocksource ?? null;
    if (source === null || !source.includes('jiffies')) return [];
    const message = `the guest's clock advances by timer ticks only (${source}): times that its tools measure are as coarse`;
    return [{ level: 'doubt', audit, message, concerns: ['all'] }];
  },
};
