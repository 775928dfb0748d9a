import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'inline-tracing';

/** A figure that was taken while every system call of the VMM was traced (reading /proc costs the VMM nothing). */
export const inlineTracing: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { systemCalls, throughput } = measurement;
    if (systemCalls?.mode !== 'inline' || systemCalls.source !== 'bpftrace') return [];
    const message = 'the VMM was traced while the figure was taken: tracing is part of it, by an unknown share';
    const figure = throughput === null ? 'latency' : 'throughput';
    return [{ level: 'note', audit, message, concerns: [figure, 'cost'] }];
  },
};
