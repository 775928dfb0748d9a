import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'partial-tracing';

/** Counts that hold reads and writes only must not be taken for all calls. */
export const partialTracing: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { systemCalls } = measurement;
    if (systemCalls?.source !== 'procfs-io') return [];
    const why = systemCalls.sourceReason ?? 'no reason was recorded';
    const message = `only reads and writes were counted (/proc/PID/task/TID/io), not all system calls: ${why}`;
    return [{ level: 'doubt', audit, message, concerns: ['systemCalls'] }];
  },
};
