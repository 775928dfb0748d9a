import type { Finding } from '../record/finding.ts';
import type { Throughput } from '../record/throughput.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, sum } from './quantity.ts';

const audit = 'interval-sum';

/** The last interval may be cut short of the last bytes; beyond this the series is not that of the total. */
const tolerance = 0.02;

/** Which total the client's intervals belong to: it counts what it sends, or what it receives. */
function totalOf(throughput: Throughput, direction: 'upload' | 'download'): number {
  return direction === 'upload' ? (throughput.sentBytes ?? throughput.bytes) : throughput.bytes;
}

/** The intervals that the tool did not omit add up to its total. */
export const intervalSum: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput, spec } = measurement;
    if (throughput === null || throughput.intervals.length === 0 || spec.kind !== 'iperf3') return [];
    const parts = sum(throughput.intervals.filter((one) => !one.isOmitted).map((one) => one.bytes));
    const total = totalOf(throughput, spec.direction);
    const difference = Math.abs(parts - total) / Math.max(parts, total, 1);
    if (difference <= tolerance) return [];
    const message = `the intervals add up to ${amount(parts)} bytes, the total says ${amount(total)} (${percent(difference)} apart)`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput'] }];
  },
};
