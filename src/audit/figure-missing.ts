import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'figure-missing';

/** A workload that was run for a figure and has none. */
export const figureMissing: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const figure = measurement.spec.kind === 'iperf3' ? 'throughput' : 'latency';
    if (measurement[figure] !== null) return [];
    const why = measurement.notMeasured[figure] ?? 'no reason was recorded';
    return [{ level: 'void', audit, message: `${measurement.spec.kind} gave no ${figure}: ${why}`, concerns: ['all'] }];
  },
};
