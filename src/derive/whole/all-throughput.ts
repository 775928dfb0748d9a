import type { Throughput } from '../../record/throughput.ts';
import { type Whole, whyAbsent } from './absence.ts';
import { commonOf, sumOf } from './sum.ts';

interface Reported {
  readonly name: string;
  readonly throughput: Throughput | null;
  readonly notMeasured?: Readonly<Record<string, string | undefined>>;
}

function datagramsOf(all: readonly Throughput[]): Throughput['datagrams'] {
  const each = all.map(({ datagrams }) => datagrams).filter((one) => one !== null);
  if (each.length < all.length) return null;
  return {
    sent: sumOf(each, ({ sent }) => sent),
    lost: sumOf(each, ({ lost }) => lost),
    outOfOrder: sumOf(each, ({ outOfOrder }) => outOfOrder),
    jitterNs: null,
  };
}

/** Flows of one window are under way together: their rates are added up. What only a single flow has (its streams, its intervals, the seconds that it divided by) stays with the flows. */
function added(all: readonly Throughput[]): Throughput {
  return {
    protocol: commonOf(all, ({ protocol }) => protocol),
    bitsPerSecond: all.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0),
    bytes: sumOf(all, ({ bytes }) => bytes),
    sentBytes: sumOf(all, ({ sentBytes }) => sentBytes),
    durationNs: null,
    retransmits: sumOf(all, ({ retransmits }) => retransmits),
    streams: [],
    intervals: [],
    datagrams: datagramsOf(all),
    congestionControl: {
      sender: commonOf(all, ({ congestionControl }) => congestionControl.sender),
      receiver: commonOf(all, ({ congestionControl }) => congestionControl.receiver),
    },
    toolCpuPercent: null,
  };
}

/** The sum of all flows; none where one has no figure, as a sum of the others would pass for that of all. */
export function throughputOf(flows: readonly Reported[]): Whole<Throughput> {
  const all = flows.map(({ throughput }) => throughput).filter((one) => one !== null);
  const [only] = all;
  if (only === undefined || all.length < flows.length) {
    const lacking = flows.filter(({ throughput }) => throughput === null);
    return { whole: null, why: whyAbsent(lacking, 'throughput') };
  }
  return { whole: flows.length === 1 ? only : added(all) };
}
