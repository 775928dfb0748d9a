import { z } from 'zod';
import { closed, durationOrZero, wholeSeconds, workloadName } from '../../written/value.ts';
import type { WorkloadInFile } from '../workload.ts';
import { type PingSpec, pingSpec } from './record.ts';

/**
 * ping(8) of iputils: `-s` to 65507; it measures no time in less than 16 bytes, where a `struct timeval` does not fit. A day is enough for `-w`. Its
 * interval counts in milliseconds; a longer one than a second leaves the link quiet for so long that the window ends.
 */
const limits = { durationSeconds: 86_400, leastBytes: 16, mostBytes: 65_507, intervalNs: 1e9 };
const millisecondNs = 1e6;

const schema = closed({
  kind: pingSpec.shape.kind,
  name: workloadName.default('ping'),
  duration: wholeSeconds(limits.durationSeconds).prefault('30s'),
  interval: durationOrZero
    .refine((ns) => ns % millisecondNs === 0, 'must be whole milliseconds: ping takes no fractions of one')
    .refine((ns) => ns <= limits.intervalNs, 'must be at most 1s')
    .prefault(0),
  messageBytes: z.int().min(limits.leastBytes).max(limits.mostBytes).default(56),
});
export type PingInFile = z.infer<typeof schema>;

/** What users write of echo requests. */
export const pingInFile = {
  schema,
  keys: {
    kind: "Echo requests that the other end's kernel answers.",
    name: 'Unique in the file.',
    duration: 'Whole seconds.',
    interval: 'Time from one request to the next, such as 10ms; 0: as soon as the last one was answered.',
    messageBytes: 'Payload of a request.',
  },
  mistake: () => null,
  spec: (written) => ({
    name: written.name,
    durationNs: written.duration,
    kind: written.kind,
    intervalNs: written.interval,
    messageBytes: written.messageBytes,
  }),
} satisfies WorkloadInFile<PingInFile, PingSpec>;
