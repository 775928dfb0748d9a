import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent } from './quantity.ts';

const audit = 'rate-of-bytes';

/** Sender and receiver end within milliseconds of each other, so a rate may rest on the other one's clock: 0.05 % in 3 s as measured. */
const tolerance = 0.01;

/** The rate is the bytes over the duration: the three come from different fields of the tool's output. */
export const rateOfBytes: Audit = {
  name: audit,
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput } = measurement;
    if (throughput === null || throughput.durationNs === 0) return [];
    const expected = (throughput.bytes * 8e9) / throughput.durationNs;
    const difference = Math.abs(throughput.bitsPerSecond - expected) / Math.max(expected, throughput.bitsPerSecond, 1);
    if (difference <= tolerance) return [];
    const message = `the tool says ${amount(throughput.bitsPerSecond)} bit/s, its bytes and duration say ${amount(expected)} (${percent(difference)} apart)`;
    return [{ level: 'void', audit, message, concerns: ['throughput', 'cost'] }];
  },
};
