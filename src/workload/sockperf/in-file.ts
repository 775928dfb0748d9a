import { z } from 'zod';
import { closed, wholeSeconds, workloadName } from '../../written/value.ts';
import type { KeyMistake, WorkloadInFile } from '../workload.ts';
import { type SockperfSpec, sockperfSpec } from './record.ts';

/** sockperf 3.7, `--help`: -t max = 36000000. A day is enough here, as for iperf3. */
const limits = { durationSeconds: 86_400 };

const schema = closed({
  kind: sockperfSpec.shape.kind,
  name: workloadName.default('sockperf'),
  duration: wholeSeconds(limits.durationSeconds).prefault('30s'),
  mode: z.enum(sockperfSpec.shape.mode.options).default('ping-pong'),
  protocol: z.enum(sockperfSpec.shape.protocol.options).default('udp'),
  messageBytes: sockperfSpec.shape.messageBytes.default(64),
  messagesPerSecond: z.int().min(1).nullable().default(null),
});
export type SockperfInFile = z.infer<typeof schema>;

function mistake({ mode, messagesPerSecond }: SockperfInFile): KeyMistake | null {
  return mode === 'ping-pong' && messagesPerSecond !== null
    ? { key: 'messagesPerSecond', message: 'only for mode: under-load or throughput (ping-pong keeps its own pace)' }
    : null;
}

/** What users write of small requests. */
export const sockperfInFile = {
  schema,
  keys: {
    kind: 'Request and response.',
    name: 'Unique in the file.',
    duration: 'Whole seconds.',
    mode: 'ping-pong: one message under way; under-load: a stream of them, each answered; throughput: one way, none answered.',
    protocol: 'tcp or udp.',
    messageBytes: 'Payload of a message.',
    messagesPerSecond: 'under-load and throughput only: target rate.',
  },
  mistake,
  spec: (written) => ({
    name: written.name,
    durationNs: written.duration,
    kind: written.kind,
    mode: written.mode,
    protocol: written.protocol,
    messageBytes: written.messageBytes,
    messagesPerSecond: written.messagesPerSecond,
  }),
} satisfies WorkloadInFile<SockperfInFile, SockperfSpec>;
