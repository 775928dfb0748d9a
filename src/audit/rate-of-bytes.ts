import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent } from './quantity.ts';
import { apartShare, exactly, quotientOf, rounded, roundingText } from './rounding.ts';

const audit = 'rate-of-bytes';

/** Sender and receiver end within milliseconds of each other, so a rate may rest on the other one's clock: 0.05 % in 3 s as measured. */
const tolerance = 0.01;

/** The rate is the bytes over the duration: the three come from different fields of the tool's output. */
export const rateOfBytes: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput } = measurement;
    if (throughput === null || throughput.bytes === null || throughput.durationNs === null) return [];
    if (throughput.durationNs === 0) return [];
    const bytes = rounded(measurement, 'throughput.bytes', throughput.bytes);
    const durationNs = rounded(measurement, 'throughput.durationNs', throughput.durationNs);
    const rate = rounded(measurement, 'throughput.bitsPerSecond', throughput.bitsPerSecond);
    const expected = quotientOf([bytes, exactly(8e9)], [durationNs]);
    const difference = apartShare(rate, expected);
    if (difference <= tolerance) return [];
    const message = `the tool says ${amount(rate.value)} bit/s, but its bytes and duration give ${amount(expected.value)} (${percent(difference)} apart${roundingText(rate, expected)})`;
    return [{ level: 'void', audit, message, concerns: ['throughput', 'cost'] }];
  },
};
