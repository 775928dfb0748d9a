import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, sum } from './quantity.ts';

const audit = 'stream-sum';

/** The tool adds integers: any difference is a fault, and this much is left for tools that print rounded figures. */
const doubtAbove = 0.001;
const voidAbove = 0.01;

/** The streams are as many as were asked for and add up to the total. */
export const streamSum: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput, spec } = measurement;
    if (throughput === null || spec.kind !== 'iperf3') return [];
    const { streams, bytes } = throughput;
    const concerns: Finding['concerns'] = ['throughput', 'cost'];
    if (streams.length !== spec.streams) {
      const message = `${String(streams.length)} streams were reported, ${String(spec.streams)} were asked for`;
      return [{ level: 'void', audit, message, concerns }];
    }
    const parts = sum(streams.map((stream) => stream.bytes));
    const difference = Math.abs(parts - bytes) / Math.max(parts, bytes, 1);
    if (difference <= doubtAbove) return [];
    const message = `the streams add up to ${amount(parts)} bytes, the total says ${amount(bytes)} (${percent(difference)} apart)`;
    return [{ level: difference > voidAbove ? 'void' : 'doubt', audit, message, concerns }];
  },
};
