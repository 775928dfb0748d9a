import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { percent, seconds } from './quantity.ts';

const audit = 'start-skew';

/** For that share of the window some flows had the path for themselves. A sum of flows of 10 s is off by at most half a second of theirs. */
const doubtAbove = 0.05;

/** Flows that are measured together were under way together. */
export const startSkew: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { startSkewNs = null, window } = measurement;
    if (startSkewNs === null || window === null) return [];
    const share = startSkewNs / (window.endNs - window.startNs);
    if (!(share > doubtAbove)) return [];
    const message = `the last flow began ${seconds(startSkewNs)} after the first, ${percent(share)} of the window: the flows were not all under way together`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput', 'latency', 'cost'] }];
  },
};
