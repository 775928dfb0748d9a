import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'own-init';

/** Our guest runs nothing beside the tool. One that its own init booted has services: what they do is in the figures, and meant to be. */
export const ownInit: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ trial }: AuditContext): Finding[] {
    const init = trial.guest?.rootfs?.init;
    if (init === undefined) return [];
    const message = `the guest booted its own init (${init}): what its services did meanwhile is in the figures`;
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
