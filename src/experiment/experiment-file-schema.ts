import { z } from 'zod';
import { iperf3Spec, nicSpec, sockperfSpec, topologyName, traceSpec, vmmSpec } from '../record/experiment.ts';
import { type QuantityReading, readDuration, readRate, readSize } from './quantity.ts';

/**
 * A strict object. The message of its `unrecognized_keys` issue is the list of its keys, separated by spaces:
 * `experiment-file-issue.ts` makes the sentence, with the nearest of them.
 */
function closed<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined) });
}

/** Text with a unit, read into its base unit. */
function quantity(read: (value: unknown) => QuantityReading) {
  return z.unknown().transform((value, context): number => {
    const reading = read(value);
    if ('value' in reading) return reading.value;
    context.addIssue({ code: 'custom', message: reading.mistake });
    return z.NEVER;
  });
}

const duration = quantity(readDuration);
const size = quantity(readSize);
const rate = quantity(readRate);

const secondNs = 1e9;

/** iperf3 and sockperf take `-t` as whole seconds: both read it as an integer, and 0 is refused or means no end. */
function wholeSeconds(maximumSeconds: number) {
  return duration.superRefine((durationNs, context) => {
    if (durationNs % secondNs !== 0)
      context.addIssue({ code: 'custom', message: 'must be whole seconds: the tools take no fractions' });
    else if (durationNs > maximumSeconds * secondNs) {
      context.addIssue({ code: 'custom', message: `must be at most ${String(maximumSeconds)}s` });
    }
  });
}

/** What iperf3 3.12 accepts: `-t` to 86400, `-O` to 60, `-P` to 128, `-l` to 1 MiB (it names these limits when they are passed). */
const iperf3Limits = { durationSeconds: 86_400, omitSeconds: 60, streams: 128, bufferBytes: 1024 ** 2 };
/** sockperf 3.7, `--help`: -t max = 36000000. A day is enough here, as for iperf3. */
const sockperfLimits = { durationSeconds: 86_400 };

/** Names become parts of file names and of `--set` paths. */
const workloadName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then letters, digits, - or _ (64 at most)');

/** One line of printable ASCII: anything else can't stand on a kernel command line. */
const kernelArguments = z.string().regex(/^[\x20-\x7e]*$/, 'must be one line of printable ASCII');
const path = z.string().min(1).nullable().default(null);

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

/** `trace: off` is short for `trace: { mode: off }`. */
const trace = z.preprocess(
  (value) => (typeof value === 'string' ? { mode: value } : value),
  closed({
    mode: z.enum(traceSpec.shape.mode.options).default('separate'),
    timing: z.boolean().default(false),
    duration: wholeSeconds(iperf3Limits.durationSeconds).prefault('3s'),
  }),
);

/** Boots of one run: a plan of more is a slip. */
const mostBoots = 10_000;

/** The experiment as users write it: units as text, defaults of the lab note. */
export const experimentFile = closed({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, . - or _ (64 at most)')
    .optional(),
  description: z.string().default(''),
  topology: z.enum(topologyName.options).default('vm-to-host'),
  vmm: closed({
    kind: z.enum(vmmSpec.shape.kind.options).default('qemu'),
    accel: z.enum(vmmSpec.shape.accel.options).default('auto'),
    binary: path,
    vcpus: z.int().min(1).default(1),
    memory: size.prefault('512M'),
  }).prefault({}),
  guest: closed({
    kernel: path,
    initrd: path,
    kernelArguments: kernelArguments.default(''),
    congestionControl: z
      .string()
      .regex(/^[a-z0-9_-]{1,15}$/, 'must be the name of a congestion control, such as cubic')
      .nullable()
      .default(null),
  }).prefault({}),
  nic: closed({ mtu: nicSpec.shape.mtu.default(1500) }).prefault({}),
  trace: trace.prefault({}),
  workloads: z
    .array(z.discriminatedUnion('kind', [iperf3, sockperf]))
    .min(1)
    .prefault([{ kind: 'iperf3' }, { kind: 'sockperf' }]),
  boots: z.int().min(1).max(mostBoots).default(1),
  seed: z.int().min(0).default(1),
  bootTimeout: duration.prefault('60s'),
  timeout: duration.nullable().default(null),
});

export type ExperimentFile = z.infer<typeof experimentFile>;
export type WorkloadInFile = ExperimentFile['workloads'][number];
