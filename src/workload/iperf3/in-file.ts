import { z } from 'zod';
import { closed, rate, size, wholeSeconds, workloadName } from '../../written/value.ts';
import type { KeyMistake, WorkloadInFile } from '../workload.ts';
import { lossLimit } from './loss-limit.ts';
import { type Iperf3Spec, iperf3Spec } from './record.ts';

/** What iperf3 3.12 accepts: `-t` to 86400, `-O` to 60, `-P` to 128, `-l` to 1 MiB (it names these limits when they are passed). */
const limits = { durationSeconds: 86_400, omitSeconds: 60, streams: 128, bufferBytes: 1024 ** 2 };
/** Limits of iperf3 on the length of a UDP datagram (`-l` with `-u`): 16 to 65507 bytes, as it names them itself. */
const datagramBytes = { least: 16, most: 65_507 };

const schema = closed({
  kind: iperf3Spec.shape.kind,
  name: workloadName.default('iperf3'),
  duration: wholeSeconds(limits.durationSeconds).prefault('30s'),
  protocol: z.enum(iperf3Spec.shape.protocol.options).default('tcp'),
  streams: z.int().min(1).max(limits.streams).default(4),
  direction: z.enum(iperf3Spec.shape.direction.options).default('upload'),
  omit: wholeSeconds(limits.omitSeconds).nullable().default(null),
  rate: rate.nullable().default(null),
  search: lossLimit.nullable().default(null),
  buffer: size
    .refine((bytes) => bytes <= limits.bufferBytes, 'must be at most 1M: iperf3 takes no more')
    .nullable()
    .default(null),
});
export type Iperf3InFile = z.infer<typeof schema>;

function mistake({ protocol, rate: target, buffer, search }: Iperf3InFile): KeyMistake | null {
  if (protocol === 'tcp' && target !== null) {
    return { key: 'rate', message: 'only for protocol: udp (TCP finds its own rate)' };
  }
  if (protocol === 'tcp' && search !== null) {
    return { key: 'search', message: 'only for protocol: udp (TCP sends again what was lost)' };
  }
  const { least, most } = datagramBytes;
  const bytes = buffer ?? least;
  if (protocol === 'udp' && (bytes < least || bytes > most)) {
    return { key: 'buffer', message: `must be ${String(least)}B to ${String(most)}B for protocol: udp` };
  }
  return null;
}

/** What users write of a bulk transfer. */
export const iperf3InFile = {
  schema,
  keys: {
    kind: 'Bulk transfer.',
    name: 'Unique in the file.',
    duration: 'Whole seconds.',
    protocol: 'tcp or udp.',
    streams: 'Connections at a time.',
    direction: 'upload: the client sends; download: the server sends; both: at once.',
    omit: 'Leading whole seconds that are left out of the figures.',
    rate: 'UDP only: target rate of all streams together, such as 10Gbit/s; each way.',
    search:
      'UDP only: run at the highest rate with loss within this limit, such as loss <= 0.1 %; rate is then the highest that is tried.',
    buffer: 'Length of a read or write; for UDP that of a datagram.',
  },
  mistake,
  spec: (written) => ({
    name: written.name,
    durationNs: written.duration,
    kind: written.kind,
    protocol: written.protocol,
    streams: written.streams,
    direction: written.direction,
    omitNs: written.omit ?? 0,
    targetBitsPerSecond: written.rate,
    bufferBytes: written.buffer,
    ...(written.search === null ? {} : { search: { mostLostShare: written.search } }),
  }),
} satisfies WorkloadInFile<Iperf3InFile, Iperf3Spec>;
