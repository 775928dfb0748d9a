import { z } from 'zod';
import { count, name, natural, positive } from '../../record/bounds.ts';

export const iperf3Spec = z.strictObject({
  /** Unique in the experiment. */
  name: name.min(1),
  kind: z.literal('iperf3'),
  durationNs: positive,
  protocol: z.enum(['tcp', 'udp']),
  streams: positive,
  /** `upload`: the client sends; `download`: the server sends (`-R`); `both`: at once (`--bidir`). */
  direction: z.enum(['upload', 'download', 'both']),
  /** Leading seconds that the tool leaves out of its figures (`-O`). */
  omitNs: natural,
  /** UDP target rate of all streams of one way together, in bits per second; null for TCP or "as fast as it goes". */
  targetBitsPerSecond: positive.nullable(),
  /** Length of the tool's read/write buffer (`-l`); null: its default. */
  bufferBytes: positive.nullable(),
  /** The rate is searched for: the highest up to `targetBitsPerSecond` at which each flow, each way, loses at most this share of its datagrams. Absent: it isn't. */
  search: z.strictObject({ mostLostShare: count }).optional(),
});
export type Iperf3Spec = z.infer<typeof iperf3Spec>;

const { shape } = iperf3Spec;

/** What lab notes say of a bulk transfer, with iperf3 or its forerunner. */
export const notedTransferShape = {
  name: shape.name,
  durationNs: shape.durationNs.nullable(),
  protocol: shape.protocol.nullable(),
  streams: shape.streams.nullable(),
  direction: shape.direction.nullable(),
  omitNs: shape.omitNs.nullable(),
  targetBitsPerSecond: shape.targetBitsPerSecond,
  bufferBytes: shape.bufferBytes,
  search: shape.search,
};

export const notedIperf3 = z.strictObject({ kind: shape.kind, ...notedTransferShape });
export type NotedIperf3 = z.infer<typeof notedIperf3>;
