import type { Finding } from '../record/finding.ts';
import { mainFigureOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'figure-missing';

/** A workload that was run for a figure and has none. A lab note without one is incomplete, not wrong. */
export const figureMissing: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const figure = mainFigureOf(measurement.spec);
    if (figure === null || measurement[figure] !== null) return [];
    const why = measurement.notMeasured[figure] ?? 'no reason was recorded';
    const level = measurement.noted === null ? 'void' : 'note';
    return [{ level, audit, message: `${measurement.spec.kind} gave no ${figure}: ${why}`, concerns: ['all'] }];
  },
};
