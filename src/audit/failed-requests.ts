import { failedRequests } from '../record/failed-requests.ts';
import type { Finding } from '../record/finding.ts';
import type { RequestOutcomes } from '../record/latency.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, shareOf } from './quantity.ts';

const audit = 'failed-requests';

/** As of messages: a request that failed has no latency, and above this p99.9 is made of those that were spared. */
const doubtAbove = 1e-3;
/** What is left is not the load that was asked for: a reply that says that it failed is shorter and sooner than the one that was wanted. */
const voidAbove = 0.01;

const kinds: readonly (readonly [kind: keyof RequestOutcomes, text: string])[] = [
  ['connectErrors', 'connections refused or lost before they were made'],
  ['readErrors', 'errors of reading'],
  ['writeErrors', 'errors of writing'],
  ['timeouts', 'replies too late'],
  ['refusals', 'replies that say so'],
];

/** Requests that were not answered, or not with what was asked for. */
export const failedRequestShare: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement: { latency } }: AuditContext): Finding[] {
    const counted = latency === null ? null : failedRequests(latency);
    const requests = latency?.requests;
    if (counted === null || requests === undefined || counted.failed === 0) return [];
    const share = shareOf(counted.failed, counted.all);
    const each = kinds.flatMap(([kind, text]) => (requests[kind] === 0 ? [] : [`${amount(requests[kind])} ${text}`]));
    const message = `${amount(counted.failed)} requests failed (${percent(share)}): ${each.join(', ')}`;
    if (share > voidAbove) return [{ level: 'void', audit, message, concerns: ['latency', 'cost', 'systemCalls'] }];
    return [{ level: share > doubtAbove ? 'doubt' : 'note', audit, message, concerns: ['latency'] }];
  },
};
