import type { Finding } from '../record/finding.ts';
import type { HostFacts } from '../record/host.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { Throughput } from '../record/throughput.ts';
import { hasTurned, programsOf } from '../workload/programs.ts';
import { transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, percent, sum } from './quantity.ts';
import { apartShare, type Rounded, rounded, roundingText, sumOf } from './rounding.ts';

const audit = 'interval-sum';

/** The last interval may be cut short of the last bytes; beyond this the series is not that of the total. */
const tolerance = 0.02;

/** What threads that go on while an interval is summed up lose of it, at most: 3.18 of iperf3 lost 1 to 3 % so on a busy host. */
const threadTolerance = 0.1;

/** `iperf3 3.18`, where the tool is one that loses bytes of its intervals; else null. */
function losingTool({ kind }: WholeMeasurement['spec'], host: HostFacts | null): string | null {
  const losing = programsOf(kind).flatMap(({ name, turns }) => {
    const [version] = /^\d+\.\d+/.exec(host?.programs.find((one) => one.name === name)?.version ?? '') ?? [];
    const isLosing = turns.some((turn) => turn.losesIntervalBytes && hasTurned(version ?? '', turn) === true);
    return isLosing && version !== undefined ? [`${name} ${version}`] : [];
  });
  return losing[0] ?? null;
}

/** Which totals the client's intervals may belong to: it counts what it sends, or what it receives. Where the direction isn't known, either. */
function totalsOf(measurement: WholeMeasurement, { bytes, sentBytes }: Throughput): Rounded[] {
  const { spec } = measurement;
  const received = bytes === null ? [] : [rounded(measurement, 'throughput.bytes', bytes)];
  const sent = sentBytes === null ? [] : [rounded(measurement, 'throughput.sentBytes', sentBytes)];
  const direction = transferOf(spec)?.direction;
  if (direction === undefined || direction === 'both') return [];
  if (direction === null) return [...sent, ...received];
  return direction === 'upload' && sent.length > 0 ? sent : received;
}

/** Bytes of the intervals that count; null where there are none, one does not say, or a note shows only some of them. */
function partsOf(measurement: WholeMeasurement, { intervals, durationNs }: Throughput): Rounded | null {
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
  holdsFor: 'flow',
  judge({ measurement, host }: AuditContext): Finding[] {
    const { throughput } = measurement;
    if (throughput === null) return [];
    const parts = partsOf(measurement, throughput);
    const totals = totalsOf(measurement, throughput);
    const [total] = totals;
    if (parts === null || total === undefined) return [];
    const difference = Math.min(...totals.map((one) => apartShare(parts, one)));
    if (difference <= tolerance) return [];
    const tool = losingTool(measurement.spec, host);
    if (tool !== null && parts.value < total.value && difference <= threadTolerance) {
      const message = `the intervals add up to ${percent(difference)} less than the total: ${tool} loses bytes of its intervals while its threads go on`;
      return [{ level: 'note', audit, message, concerns: ['throughput'] }];
    }
    const message = `the intervals add up to ${amount(parts.value)} bytes, the total says ${amount(total.value)} (${percent(difference)} apart${roundingText(parts, total)})`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput'] }];
  },
};
