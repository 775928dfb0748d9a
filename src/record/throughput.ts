import { z } from 'zod';
import { count, signedCount } from './bounds.ts';

/** One stream of a bulk transfer, over the whole transfer (after what the tool omitted). */
export const throughputStream = z.strictObject({
  /** The tool's own id of the stream (iperf3: the socket). */
  id: signedCount,
  /** Bytes that the receiver got; null where a lab note has only the rate. */
  bytes: count.nullable(),
  /** Bytes that the sender handed to its socket; null where the tool does not say. */
  sentBytes: count.nullable(),
  /** Received bits per second; null where a lab note has only the bytes. */
  bitsPerSecond: count.nullable(),
  /** TCP segments sent again; null for UDP or where the sender cannot count. */
  retransmits: count.nullable(),
  /** Mean round-trip time that the sender's TCP saw, in ns; null where unknown. */
  meanTcpRoundTripNs: count.nullable(),
});
export type ThroughputStream = z.infer<typeof throughputStream>;

/** One reporting interval of the tool, all streams together. Times count from the start of the transfer. */
export const throughputInterval = z.strictObject({
  startNs: count,
  endNs: count,
  bytes: count.nullable(),
  bitsPerSecond: count.nullable(),
  retransmits: count.nullable(),
  /** The tool left it out of its totals (iperf3 `-O`). */
  isOmitted: z.boolean(),
});
export type ThroughputInterval = z.infer<typeof throughputInterval>;

export const datagrams = z.strictObject({
  sent: count.nullable(),
  lost: count.nullable(),
  outOfOrder: count.nullable(),
  jitterNs: count.nullable(),
});

/** What one of two ways at once carried. */
export const throughputWay = z.strictObject({
  bitsPerSecond: count,
  bytes: count,
  sentBytes: count.nullable(),
  retransmits: count.nullable(),
  /** null for TCP. */
  lostDatagrams: count.nullable(),
  /** This and the next are absent for TCP, and where an older version measured. */
  sentDatagrams: count.optional(),
  jitterNs: count.optional(),
});
export type ThroughputWay = z.infer<typeof throughputWay>;

/** What a bulk-transfer tool reported. */
export const throughput = z.strictObject({
  /** null where a lab note does not say. */
  protocol: z.enum(['tcp', 'udp']).nullable(),
  /** Bits per second that arrived: received bytes x 8 / duration. */
  bitsPerSecond: count,
  /** Bytes that the receiver got; null where a lab note does not say. */
  bytes: count.nullable(),
  sentBytes: count.nullable(),
  /** Seconds the tool divided by, in ns; null where a lab note does not say. */
  durationNs: count.nullable(),
  retransmits: count.nullable(),
  /** Of both ways at once, whose sums all other fields are: `upload` is what the client sent. Absent elsewhere. */
  ways: z.strictObject({ upload: throughputWay, download: throughputWay }).optional(),
  streams: z.array(throughputStream),
  intervals: z.array(throughputInterval),
  datagrams: datagrams.nullable(),
  /** TCP congestion control of the two ends; null where the tool does not say. */
  congestionControl: z.strictObject({ sender: z.string().nullable(), receiver: z.string().nullable() }),
  /** CPU that the tool says its own two processes used, in percent of one core. */
  toolCpuPercent: z.strictObject({ client: count, server: count }).nullable(),
});
export type Throughput = z.infer<typeof throughput>;

/** What was carried one way; null: not counted. */
export interface CarriedWay {
  readonly bytes: number | null;
  readonly sentBytes: number | null;
  readonly sentDatagrams: number | null;
  readonly lostDatagrams: number | null;
}

/** Each of both ways by itself; of one way only, that one. */
export function carriedWays({
  ways,
  bytes,
  sentBytes,
  datagrams,
}: Pick<Throughput, 'ways' | 'bytes' | 'sentBytes' | 'datagrams'>): CarriedWay[] {
  if (ways === undefined)
    return [{ bytes, sentBytes, sentDatagrams: datagrams?.sent ?? null, lostDatagrams: datagrams?.lost ?? null }];
  return [ways.upload, ways.download].map((way) => ({
    bytes: way.bytes,
    sentBytes: way.sentBytes,
    sentDatagrams: way.sentDatagrams ?? null,
    lostDatagrams: way.lostDatagrams,
  }));
}
