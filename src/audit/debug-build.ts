import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'debug-build';

/** A VMM that was built without optimisation, or with its assertions on: figures are right, and of a program that nobody runs. */
export const debugBuild: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ trial }: AuditContext): Finding[] {
    const { vmm } = trial;
    if (vmm?.isDebugBuild !== true) return [];
    const why = vmm.buildReason === null ? '' : ` (${vmm.buildReason})`;
    const message = `${vmm.kind} is a debug build${why}: its costs are not those of a release`;
    return [{ level: 'doubt', audit, message, concerns: ['all'] }];
  },
};
