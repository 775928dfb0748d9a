import type { Finding } from '../record/finding.ts';
import type { VmmErrors } from '../record/probe-readings.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';

const audit = 'vmm-output';

function judgeWindow(errors: VmmErrors | null, window: string, concerns: Finding['concerns']): Finding[] {
  if (errors === null || errors.count === 0) return [];
  const { count, lines } = errors;
  const number = count === 1 ? 'a line' : `${amount(count)} lines`;
  const message = `the VMM wrote ${number} of errors in the ${window} window${count === 1 ? '' : ', the first'}: ${lines[0] ?? ''}`;
  return [{ level: 'doubt', audit, message, concerns }];
}

/** A VMM that says of itself that something went wrong while it was measured did not do its usual work. */
export const vmmOutput: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement }: AuditContext): Finding[] {
    const { vmmErrors, traced } = measurement;
    return [
      ...judgeWindow(vmmErrors, 'measured', ['all']),
      ...judgeWindow(traced?.vmmErrors ?? null, 'traced', ['systemCalls', 'cost']),
    ];
  },
};
