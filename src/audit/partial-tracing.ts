import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'partial-tracing';

/** `a`; `a and b`; `a, b and c`. */
function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? 'nothing';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** Counts that hold some calls only must not be taken for all calls. */
export const partialTracing: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { systemCalls } = measurement;
    if (systemCalls === null) return [];
    const { onlyCalls } = systemCalls;
    if (systemCalls.source !== 'procfs-io') {
      if (onlyCalls === null) return [];
      const message = `only ${listed(onlyCalls)} were traced, not all system calls`;
      return [{ level: 'doubt', audit, message, concerns: ['systemCalls'] }];
    }
    const why = systemCalls.sourceReason ?? 'no reason was recorded';
    const message = `only reads and writes were counted (/proc/PID/task/TID/io), not all system calls: ${why}`;
    return [{ level: 'doubt', audit, message, concerns: ['systemCalls'] }];
  },
};
