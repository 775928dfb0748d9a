import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'client-exit';

/** A client that failed may have printed figures all the same. (Servers are ended by us: their exit says nothing.) */
export const clientExit: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { exitStatus } = measurement.commands.client;
    if (exitStatus === 0) return [];
    const how = exitStatus === null ? 'was ended by a signal' : `exited with ${String(exitStatus)}`;
    return [{ level: 'void', audit, message: `the client ${how}`, concerns: ['all'] }];
  },
};
