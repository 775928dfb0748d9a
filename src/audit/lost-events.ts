import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, shareOf, sum } from './quantity.ts';

const audit = 'lost-events';

/** Counts that are short by more than a comparison wants to see are no counts. */
const voidAbove = 0.01;

/** Events that the tracer says it lost are missing from the counts. */
export const lostEvents: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { systemCalls } = measurement;
    if (systemCalls?.isLowerBound === true) {
      const message =
        "the tracer's map was full: the counts are the least that there were, and no cost is made of them";
      return [{ level: 'doubt', audit, message, concerns: ['systemCalls', 'cost'] }];
    }
    const lost = systemCalls?.lostEvents ?? 0;
    if (systemCalls === null || lost === 0) return [];
    const counted = sum(systemCalls.threads.flatMap((thread) => thread.calls.map((call) => call.count)));
    const share = shareOf(lost, counted + lost);
    const message = `the tracer lost ${amount(lost)} events (${percent(share)}): the counts are too small`;
    return [{ level: share > voidAbove ? 'void' : 'doubt', audit, message, concerns: ['systemCalls'] }];
  },
};
