import { z } from 'zod';
import { fitted } from '../../../record/fitted.ts';
import type { ThroughputWay } from '../../../record/throughput.ts';
import type { MeasuredInterval, MeasuredThroughput } from '../../measured-figures.ts';

/** What a test of both ways (`--bidir`) has twice: streams say by `sender` which of the two they are of, sums by their names. */
const bothWays = z.looseObject({
  intervals: z.array(z.object({ sum: z.unknown(), sum_bidir_reverse: z.unknown() })),
  end: z.looseObject({
    streams: z.array(
      z.union([
        z.looseObject({ udp: z.looseObject({ sender: z.boolean() }) }),
        z.looseObject({ sender: z.looseObject({ sender: z.boolean() }) }),
      ]),
    ),
    sum_sent_bidir_reverse: z.unknown(),
    sum_received_bidir_reverse: z.unknown(),
  }),
});

type Stream = z.infer<typeof bothWays>['end']['streams'][number];

function isOfClient(stream: Stream): boolean {
  const end: unknown = 'udp' in stream ? stream.udp : stream.sender;
  return typeof end === 'object' && end !== null && 'sender' in end && end.sender === true;
}

/**
 * The output of a test of both ways as two of one way each: what the client sent, and what it received.
 * @throws ParseError where it is none
 */
export function dividedWays(json: unknown, file: string): { upload: unknown; download: unknown } {
  const { intervals, end, ...rest } = fitted(bothWays, json, file);
  const { sum_sent_bidir_reverse: sent, sum_received_bidir_reverse: received, ...ends } = end;
  const upload = { ...ends, streams: end.streams.filter(isOfClient) };
  const others = end.streams.filter((stream) => !isOfClient(stream));
  return {
    upload: { ...rest, intervals, end: upload },
    download: {
      ...rest,
      intervals: intervals.map((one) => ({ sum: one.sum_bidir_reverse })),
      end: { ...ends, streams: others, sum_sent: sent, sum_received: received },
    },
  };
}

function added(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other;
}

/** Both ways count the same seconds: the intervals stand in pairs. */
function pairedIntervals(upload: MeasuredThroughput, download: MeasuredThroughput): MeasuredInterval[] {
  return upload.intervals.map((one, index) => {
    const other = download.intervals[index] ?? { bytes: 0, bitsPerSecond: 0, retransmits: null };
    return {
      ...one,
      bytes: one.bytes + other.bytes,
      bitsPerSecond: one.bitsPerSecond + other.bitsPerSecond,
      retransmits: added(one.retransmits, other.retransmits),
    };
  });
}

function datagramsOf(upload: MeasuredThroughput, download: MeasuredThroughput): MeasuredThroughput['datagrams'] {
  const [one, other] = [upload.datagrams, download.datagrams];
  if (one === null || other === null) return null;
  return {
    sent: added(one.sent, other.sent),
    lost: added(one.lost, other.lost),
    outOfOrder: added(one.outOfOrder, other.outOfOrder),
    // Of the way that had more of it.
    jitterNs: Math.max(one.jitterNs ?? 0, other.jitterNs ?? 0),
  };
}

function wayOf({ bitsPerSecond, bytes, sentBytes, retransmits, datagrams }: MeasuredThroughput): ThroughputWay {
  const way = { bitsPerSecond, bytes, sentBytes, retransmits, lostDatagrams: datagrams?.lost ?? null };
  const { sent = null, jitterNs = null } = datagrams ?? {};
  return sent === null || jitterNs === null ? way : { ...way, sentDatagrams: sent, jitterNs };
}

/** Round-trip times of streams that the server sends are not known to the client: what it prints of them is of its own end. */
function withoutRoundTrips({ streams }: MeasuredThroughput): MeasuredThroughput['streams'] {
  return streams.map((stream) => ({ ...stream, meanTcpRoundTripNs: null }));
}

/** Two ways at once as one transfer, with what each of them carried. */
export function joinedWays(upload: MeasuredThroughput, download: MeasuredThroughput): MeasuredThroughput {
  const bytes = upload.bytes + download.bytes;
  const durationNs = Math.max(upload.durationNs, download.durationNs);
  return {
    ...upload,
    bitsPerSecond: (bytes * 8e9) / durationNs,
    bytes,
    sentBytes: added(upload.sentBytes, download.sentBytes),
    durationNs,
    retransmits: added(upload.retransmits, download.retransmits),
    streams: [...upload.streams, ...withoutRoundTrips(download)],
    intervals: pairedIntervals(upload, download),
    datagrams: datagramsOf(upload, download),
    ways: { upload: wayOf(upload), download: wayOf(download) },
  };
}
