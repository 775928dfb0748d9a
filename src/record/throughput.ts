import { z } from 'zod';

const count = z.number().nonnegative();

/** One stream of a bulk transfer, over the whole transfer (after what the tool omitted). */
export const throughputStream = z.strictObject({
  /** The tool's own id of the stream (iperf3: the socket). */
  id: z.number(),
  /** Bytes that the receiver got. */
  bytes: count,
  /** Bytes that the sender handed to its socket; null where the tool does not say. */
  sentBytes: count.nullable(),
  /** Received bits per second. */
  bitsPerSecond: count,
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
  bytes: count,
  bitsPerSecond: count,
  retransmits: count.nullable(),
  /** The tool left it out of its totals (iperf3 `-O`). */
  isOmitted: z.boolean(),
});
export type ThroughputInterval = z.infer<typeof throughputInterval>;

export const datagrams = z.strictObject({
  sent: count,
  lost: count,
  outOfOrder: count.nullable(),
  jitterNs: count,
});

/** What a bulk-transfer tool reported. */
export const throughput = z.strictObject({
  protocol: z.enum(['tcp', 'udp']),
  /** Bits per second that arrived: received bytes x 8 / duration. */
  bitsPerSecond: count,
  /** Bytes that the receiver got. */
  bytes: count,
  sentBytes: count.nullable(),
  /** Seconds the tool divided by, in ns. */
  durationNs: count,
  retransmits: count.nullable(),
  streams: z.array(throughputStream),
  intervals: z.array(throughputInterval),
  datagrams: datagrams.nullable(),
  /** TCP congestion control of the two ends; null where the tool does not say. */
  congestionControl: z.strictObject({ sender: z.string().nullable(), receiver: z.string().nullable() }),
  /** CPU that the tool says its own two processes used, in percent of one core. */
  toolCpuPercent: z.strictObject({ client: count, server: count }).nullable(),
});
export type Throughput = z.infer<typeof throughput>;
