import type { Finding } from '../record/finding.ts';
import { median } from '../stats/median.ts';
import type { Audit, AuditContext } from './audit.ts';
import { rate, seconds } from './quantity.ts';

const audit = 'unsteady-rate';

/** Half of the usual rate: not noise, but a collapse. */
const collapseShare = 0.5;
/** A median needs a few intervals beside the odd one. */
const leastIntervals = 3;
const leastIntervalNs = 100_000_000;

/** Intervals that fall under half of the median rate: the mean is of two regimes. The empty ones are `zero-interval`'s. */
export const unsteadyRate: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const intervals = (measurement.throughput?.intervals ?? []).flatMap((one) => {
      const { isOmitted, startNs, endNs, bitsPerSecond } = one;
      const isCounted = !isOmitted && endNs - startNs >= leastIntervalNs;
      return isCounted && bitsPerSecond !== null
        ? [{ startNs, bitsPerSecond, isEmpty: (one.bytes ?? bitsPerSecond) === 0 }]
        : [];
    });
    if (intervals.length < leastIntervals) return [];
    const usual = median(intervals.map((one) => one.bitsPerSecond));
    const low = intervals.filter((one) => !one.isEmpty && one.bitsPerSecond < usual * collapseShare);
    const first = low[0];
    if (first === undefined) return [];
    const message = `${String(low.length)} of ${String(intervals.length)} intervals ran under half of the median rate of ${rate(usual)}, the first at ${seconds(first.startNs)}`;
    return [{ level: 'note', audit, message, concerns: ['throughput'] }];
  },
};
