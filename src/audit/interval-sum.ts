import type { Finding } from '../record/finding.ts';
import type { HostFacts } from '../record/host.ts';
import type { GatheredMeasurement } from '../record/measurement.ts';
import { isBulk } from '../record/recorded-experiment.ts';
import type { Throughput } from '../record/throughput.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, sum } from './quantity.ts';
import { apartShare, type Rounded, rounded, roundingText, sumOf } from './rounding.ts';

const audit = 'interval-sum';

/** The last interval may be cut short of the last bytes; beyond this the series is not that of the total. */
const tolerance = 0.02;

/**
 * From 3.16 on iperf3 has a thread a stream, which goes on between the reading of an interval's bytes and their reset (iperf_stats_callback and
 * iperf_print_intermediate in iperf_api.c): these bytes are in no interval. 3.18 lost 1 to 3 % so on a busy host.
 */
const firstWithThreads = 16;
const threadTolerance = 0.1;

/** `3.18`, where the tool is an iperf3 that loses bytes of its intervals; else null. */
function losingVersion(host: HostFacts | null): string | null {
  const version = host?.programs.find(({ name }) => name === 'iperf3')?.version ?? '';
  const [, number, minor] = /^(3\.(\d+))/.exec(version) ?? [];
  return number !== undefined && Number(minor) >= firstWithThreads ? number : null;
}

/** Which totals the client's intervals may belong to: it counts what it sends, or what it receives. Where the direction isn't known, either. */
function totalsOf(measurement: GatheredMeasurement, { bytes, sentBytes }: Throughput): Rounded[] {
  const { spec } = measurement;
  const received = bytes === null ? [] : [rounded(measurement, 'throughput.bytes', bytes)];
  const sent = sentBytes === null ? [] : [rounded(measurement, 'throughput.sentBytes', sentBytes)];
  if (!isBulk(spec) || spec.direction === 'both') return [];
  if (spec.direction === null) return [...sent, ...received];
  return spec.direction === 'upload' && sent.length > 0 ? sent : received;
}

/** Bytes of the intervals that count; null where there are none, one does not say, or a note shows only some of them. */
function partsOf(measurement: GatheredMeasurement, { intervals, durationNs }: Throughput): Rounded | null {
  const counted = intervals.flatMap((one, index) => (one.isOmitted ? [] : [{ ...one, index }]));
  const parts = counted.flatMap(({ bytes, index }) =>
    bytes === null ? [] : [rounded(measurement, `throughput.intervals.${String(index)}.bytes`, bytes)],
  );
  if (intervals.length === 0 || parts.length < counted.length) return null;
  const coveredNs = sum(counted.map((one) => one.endNs - one.startNs));
  const isWhole = measurement.noted === null || (durationNs !== null && coveredNs >= durationNs * (1 - tolerance));
  return isWhole ? sumOf(parts) : null;
}

/** The intervals that the tool did not omit add up to its total. */
export const intervalSum: Audit = {
  name: audit,
  judge({ measurement, host }: AuditContext): Finding[] {
    const { throughput } = measurement;
    if (throughput === null) return [];
    const parts = partsOf(measurement, throughput);
    const totals = totalsOf(measurement, throughput);
    const [total] = totals;
    if (parts === null || total === undefined) return [];
    const difference = Math.min(...totals.map((one) => apartShare(parts, one)));
    if (difference <= tolerance) return [];
    const version = measurement.spec.kind === 'iperf3' ? losingVersion(host) : null;
    if (version !== null && parts.value < total.value && difference <= threadTolerance) {
      const message = `the intervals add up to ${percent(difference)} less than the total: iperf3 ${version} loses bytes of its intervals while its threads go on`;
      return [{ level: 'note', audit, message, concerns: ['throughput'] }];
    }
    const message = `the intervals add up to ${amount(parts.value)} bytes, the total says ${amount(total.value)} (${percent(difference)} apart${roundingText(parts, total)})`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput'] }];
  },
};
