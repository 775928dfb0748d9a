import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';

const audit = 'few-messages';

/** With fewer, p99 rests on fewer than ten messages. */
const leastMessages = 1_000;

/** A percentile is only as good as the number of messages above it. */
export const fewMessages: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const messages = measurement.latency?.messages ?? null;
    if (messages === null || messages >= leastMessages) return [];
    if (messages === 0) {
      return [{ level: 'void', audit, message: 'no message came back', concerns: ['latency', 'systemCalls', 'cost'] }];
    }
    const message = `only ${amount(messages)} messages: p99 and above depend on fewer than ten of them`;
    return [{ level: 'doubt', audit, message, concerns: ['latency'] }];
  },
};
