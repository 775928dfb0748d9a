import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, seconds } from './quantity.ts';
import { roundTripShare, shareTolerance } from './round-trip-share.ts';

const audit = 'agreement';

/** Of a lab note, which nobody can look at again, what holds together is worth a line: that rate and latency agree. Where they don't, `rate-times-latency` speaks. */
export const agreement: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement, source }: AuditContext): Finding[] {
    const share = roundTripShare(measurement);
    if (source.kind !== 'lab-note' || share === null) return [];
    if (Math.abs(share.value - 1) - share.rounding > shareTolerance) return [];
    const { messages, durationNs } = measurement.latency ?? {};
    const message = `rate and latency agree: ${amount(messages ?? 0)} messages x 2 x mean half round trip take ${amount(share.value)} of the ${seconds(durationNs ?? 0)}`;
    return [{ level: 'note', audit, message, concerns: ['latency'] }];
  },
};
