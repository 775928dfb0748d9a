import type { Finding } from '../record/finding.ts';
import type { Throughput } from '../record/throughput.ts';
import type { Audit, AuditContext } from './audit.ts';
import { seconds } from './quantity.ts';

const audit = 'zero-interval';

/** An interval that the end of the test cut this short may be empty for no reason. */
const leastIntervalNs = 100_000_000;

function nothingArrived(throughput: Throughput): string | null {
  if (throughput.bytes === 0) return 'no byte arrived';
  const silent = throughput.streams.filter((stream) => (stream.bytes ?? stream.bitsPerSecond) === 0).length;
  return silent === 0 ? null : `${String(silent)} of ${String(throughput.streams.length)} streams carried nothing`;
}

/**
 * A stretch without a byte is a stall, which a mean hides. The mean is still what arrived, so one is a doubt; it is void
 * where half of the time or a whole stream was silent: that is not a transfer at any rate.
 */
export const zeroInterval: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput } = measurement;
    if (throughput === null) return [];
    const nothing = nothingArrived(throughput);
    if (nothing !== null) return [{ level: 'void', audit, message: nothing, concerns: ['throughput', 'cost'] }];
    const intervals = throughput.intervals.filter(
      (one) => !one.isOmitted && one.endNs - one.startNs >= leastIntervalNs,
    );
    const zero = intervals.filter((one) => (one.bytes ?? one.bitsPerSecond) === 0);
    const first = zero[0];
    if (first === undefined) return [];
    const level = 2 * zero.length >= intervals.length ? 'void' : 'doubt';
    const message = `${String(zero.length)} of ${String(intervals.length)} intervals carried no byte, the first at ${seconds(first.startNs)}`;
    return [{ level, audit, message, concerns: level === 'void' ? ['throughput', 'cost'] : ['throughput'] }];
  },
};
