import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { percent } from './quantity.ts';

const audit = 'observer-effect';

/** Tracing by this program was seen to cost 4 % of throughput and 10 % of latency; above that the counts are of a slower path. */
const noteAbove = 0.1;
/** So far apart, batching and waiting differ: counts per byte or round trip are of another regime. */
const doubtAbove = 0.5;

/** How far the traced window was from the measured one. The measured figure itself is untouched: only counts come from the traced window. */
export const observerEffectSize: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ observerEffect }: AuditContext): Finding[] {
    if (observerEffect === null) return [];
    const change = observerEffect.ratio - 1;
    if (Math.abs(change) <= noteAbove) return [];
    const figure = observerEffect.metric === 'throughput.bitsPerSecond' ? 'throughput' : 'median latency';
    const direction = change > 0 ? 'higher' : 'lower';
    const message = `${figure} was ${percent(Math.abs(change))} ${direction} while traced: the system calls were counted in that window`;
    return [{ level: Math.abs(change) > doubtAbove ? 'doubt' : 'note', audit, message, concerns: ['systemCalls'] }];
  },
};
