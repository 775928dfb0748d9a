import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'client-exit';

/** A client that failed may have printed figures all the same. (Servers are ended by us: their exit says nothing.) */
export const clientExit: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const { client } = measurement.commands;
    const failure = measurement.noted?.failure;
    if (failure !== undefined)
      return [{ level: 'doubt', audit, message: `the client ended with an error: ${failure}`, concerns: ['all'] }];
    // A lab note shows commands, not how they ended.
    if (client === null || client.exitStatus === 0) return [];
    const { exitStatus } = client;
    if (exitStatus === null && measurement.noted !== null) return [];
    const how = exitStatus === null ? 'was ended by a signal' : `exited with ${String(exitStatus)}`;
    return [{ level: 'void', audit, message: `the client ${how}`, concerns: ['all'] }];
  },
};
