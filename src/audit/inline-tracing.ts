import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'inline-tracing';

/** A figure that was taken while the VMM was traced, by us or by the script of a lab note (reading /proc costs the VMM nothing). */
export const inlineTracing: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { systemCalls, throughput } = measurement;
    const isTraced = systemCalls?.mode === 'inline' && systemCalls.source !== 'procfs-io';
    if (!isTraced && trial.configuration.trace?.mode !== 'lab-note') return [];
    const message = 'the VMM was traced while the figure was taken: tracing is part of it, by an unknown share';
    const figure = throughput === null ? 'latency' : 'throughput';
    return [{ level: 'note', audit, message, concerns: [figure, 'cost'] }];
  },
};
