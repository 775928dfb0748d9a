import type { Throughput, ThroughputWay } from '../../record/throughput.ts';
import { type Explained, everyPart, type Whole } from './absence.ts';
import { commonOf, eachOf, mostOf, sumOf } from './sum.ts';

interface Reported extends Explained {
  readonly throughput: Throughput | null;
}

/** One of both ways at once, of all flows. */
function wayOf(all: readonly ThroughputWay[]): ThroughputWay {
  const way = {
    bitsPerSecond: all.reduce((sum, { bitsPerSecond }) => sum + bitsPerSecond, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    sentBytes: sumOf(all, ({ sentBytes }) => sentBytes),
    retransmits: sumOf(all, ({ retransmits }) => retransmits),
    lostDatagrams: sumOf(all, ({ lostDatagrams }) => lostDatagrams),
  };
  const sentDatagrams = sumOf(all, ({ sentDatagrams: sent = null }) => sent);
  const jitterNs = mostOf(all, ({ jitterNs: jitter = null }) => jitter);
  return sentDatagrams === null || jitterNs === null ? way : { ...way, sentDatagrams, jitterNs };
}

/** Of all flows; none where one was measured one way only. */
function waysOf(all: readonly Throughput[]): Pick<Throughput, 'ways'> {
  const each = eachOf(all, ({ ways }) => ways ?? null);
  if (each === null) return {};
  return {
    ways: { upload: wayOf(each.map(({ upload }) => upload)), download: wayOf(each.map((one) => one.download)) },
  };
}

function datagramsOf(all: readonly Throughput[]): Throughput['datagrams'] {
  const each = eachOf(all, ({ datagrams }) => datagrams);
  if (each === null) return null;
  return {
    sent: sumOf(each, ({ sent }) => sent),
    lost: sumOf(each, ({ lost }) => lost),
    outOfOrder: sumOf(each, ({ outOfOrder }) => outOfOrder),
    jitterNs: mostOf(each, ({ jitterNs }) => jitterNs),
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
    ...waysOf(all),
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
  const all = everyPart(flows, 'throughput', ({ throughput }) => throughput);
  if (all.whole === null) return all;
  const [only, ...others] = all.whole;
  return { whole: only !== undefined && others.length === 0 ? only : added(all.whole) };
}
