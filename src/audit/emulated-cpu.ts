import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'emulated-cpu';

/** Under TCG every guest instruction is translated: figures are right, and of another machine. */
export const emulatedCpu: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ trial }: AuditContext): Finding[] {
    if (trial.vmm?.accel !== 'tcg') return [];
    const message = 'emulated CPU: not comparable with hardware virtualisation';
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
