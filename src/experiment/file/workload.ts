import { z } from 'zod';
import { iperf3Spec, sockperfSpec } from '../../record/experiment.ts';
import { closed, rate, size, wholeSeconds } from './value.ts';

/** What iperf3 3.12 accepts: `-t` to 86400, `-O` to 60, `-P` to 128, `-l` to 1 MiB (it names these limits when they are passed). */
const iperf3Limits = { durationSeconds: 86_400, omitSeconds: 60, streams: 128, bufferBytes: 1024 ** 2 };
/** sockperf 3.7, `--help`: -t max = 36000000. A day is enough here, as for iperf3. */
const sockperfLimits = { durationSeconds: 86_400 };

/** Names become parts of file names and of `--set` paths. */
const workloadName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then letters, digits, - or _ (64 at most)');

const iperf3 = closed({
  kind: z.literal('iperf3'),
  name: workloadName.default('iperf3'),
  duration: wholeSeconds(iperf3Limits.durationSeconds).prefault('30s'),
  protocol: z.enum(iperf3Spec.shape.protocol.options).default('tcp'),
  streams: z.int().min(1).max(iperf3Limits.streams).default(4),
  direction: z.enum(iperf3Spec.shape.direction.options).default('upload'),
  omit: wholeSeconds(iperf3Limits.omitSeconds).nullable().default(null),
  rate: rate.nullable().default(null),
  buffer: size
    .refine((bytes) => bytes <= iperf3Limits.bufferBytes, 'must be at most 1M: iperf3 takes no more')
    .nullable()
    .default(null),
});

const sockperf = closed({
  kind: z.literal('sockperf'),
  name: workloadName.default('sockperf'),
  duration: wholeSeconds(sockperfLimits.durationSeconds).prefault('30s'),
  mode: z.enum(sockperfSpec.shape.mode.options).default('ping-pong'),
  protocol: z.enum(sockperfSpec.shape.protocol.options).default('udp'),
  messageBytes: sockperfSpec.shape.messageBytes.default(64),
  messagesPerSecond: z.int().min(1).nullable().default(null),
});

/** One workload as users write it. */
export const workloadInFile = z.discriminatedUnion('kind', [iperf3, sockperf]);
export type WorkloadInFile = z.infer<typeof workloadInFile>;
