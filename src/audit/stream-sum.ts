import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { Throughput } from '../record/throughput.ts';
import { transferOf } from '../workload/questions.ts';
import type { Transfer } from '../workload/workload.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent } from './quantity.ts';
import { apartShare, type Rounded, rounded, roundingText, sumOf } from './rounding.ts';

const audit = 'stream-sum';

/** The tool adds integers: any difference is a fault, and this much is left for tools that print rounded figures. */
const doubtAbove = 0.001;
const voidAbove = 0.01;

const concerns: Finding['concerns'] = ['throughput', 'cost'];

/** Other streams than were asked for. A note may have left some out. */
function judgeCount({ streams }: Throughput, spec: Transfer, isNoted: boolean): Finding[] {
  if (spec.streams === null || streams.length === spec.streams) return [];
  if (!isNoted) {
    const message = `${String(streams.length)} streams were reported, ${String(spec.streams)} were asked for`;
    return [{ level: 'void', audit, message, concerns }];
  }
  const message = `the note has the figures of ${String(streams.length)} streams, ${String(spec.streams)} were asked for`;
  return [{ level: streams.length < spec.streams ? 'note' : 'doubt', audit, message, concerns }];
}

type Field = 'bytes' | 'sentBytes' | 'bitsPerSecond';

/** The streams' figures, added; null where one of them does not say. */
function partsOf(measurement: WholeMeasurement, { streams }: Throughput, field: Field): Rounded | null {
  const parts = streams.flatMap((stream, index) => {
    const value = stream[field];
    return value === null ? [] : [rounded(measurement, `throughput.streams.${String(index)}.${field}`, value)];
  });
  return parts.length < streams.length || parts.length === 0 ? null : sumOf(parts);
}

function judgeSum(measurement: WholeMeasurement, throughput: Throughput, field: Field): Finding[] {
  const parts = partsOf(measurement, throughput, field);
  const total = throughput[field];
  if (parts === null || total === null) return [];
  const whole = rounded(measurement, `throughput.${field}`, total);
  const difference = apartShare(parts, whole);
  if (difference <= doubtAbove) return [];
  const unit = field === 'bitsPerSecond' ? 'bit/s' : 'bytes';
  const message = `the streams add up to ${amount(parts.value)} ${unit}, the total says ${amount(total)} (${percent(difference)} apart${roundingText(parts, whole)})`;
  if (measurement.noted?.isHeadCut === true && parts.value < total)
    return [{ level: 'doubt', audit, message: `${message}: the first streams may be cut off`, concerns }];
  return [{ level: difference > voidAbove ? 'void' : 'doubt', audit, message, concerns }];
}

/** The streams are as many as were asked for and add up to the total: in bytes, as each stream's rate is by a clock of its own. In a note without bytes the rates must. */
export const streamSum: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput, spec, noted } = measurement;
    const transfer = transferOf(spec);
    if (throughput === null || transfer === null || transfer.direction === 'both') return [];
    const isNoted = noted !== null;
    if (isNoted && throughput.streams.length === 0) return [];
    const count = judgeCount(throughput, transfer, isNoted);
    if (count.length > 0) return count;
    // Of a note that has only the sender's output, the bytes are what was sent.
    const inBytes = (['bytes', 'sentBytes'] as const).find(
      (field) => throughput[field] !== null && partsOf(measurement, throughput, field) !== null,
    );
    return judgeSum(measurement, throughput, isNoted ? (inBytes ?? 'bitsPerSecond') : 'bytes');
  },
};
