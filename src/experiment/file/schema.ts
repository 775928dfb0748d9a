import { z } from 'zod';
import {
  experiment,
  guestSpec,
  mostPairs,
  nicSpec,
  topologyName,
  traceSpec,
  vmmOptions,
  vmmSpec,
} from '../../record/experiment.ts';
import { mostLoads } from '../../record/place-names.ts';
import { drivers } from '../../vmm/drivers.ts';
import { inFileSchemas, usualKinds } from '../../workload/workloads.ts';
import { chosenSchema, closed, duration, durationOrZero, onOff, size, wholeSeconds } from '../../written/value.ts';
import { prepareInFile } from './host.ts';

/** One line of printable ASCII: anything else can't stand on a kernel command line. */
const kernelArguments = z.string().regex(/^[\x20-\x7e]*$/, 'must be one line of printable ASCII');
const guestTools = guestSpec.shape.tools.unwrap().options;
const guestInit = guestSpec.shape.init.unwrap().options;
const path = z.string().min(1).nullable().default(null);

/** What tools take with `-t`: see the limits of the workloads. */
const mostWindowSeconds = 86_400;

/** `trace: off` is short for `trace: { mode: off }`. */
const trace = z.preprocess(
  (value) => (typeof value === 'string' ? { mode: value } : value),
  closed({
    mode: z.enum(traceSpec.shape.mode.options).default('separate'),
    timing: z.boolean().default(false),
    duration: wholeSeconds(mostWindowSeconds).prefault('3s'),
  }),
);

/** `offloads: off` is short for each of them off. */
const offloads = z.preprocess(
  (value) =>
    typeof value === 'string' || typeof value === 'boolean'
      ? { csum: value, tso: value, gso: value, mrgRxbuf: value }
      : value,
  closed({
    csum: onOff.prefault('on'),
    tso: onOff.prefault('on'),
    gso: onOff.prefault('on'),
    mrgRxbuf: onOff.prefault('on'),
  }),
);

/** What one configuration is given: paths of fields to their values. */
const factors = z.looseObject({});

/** Fields to lists of values, and what is left out or added. What the values may be is checked once they stand at their fields. */
export const matrixInFile = z
  .object({
    exclude: z.array(factors).default([]),
    include: z.array(factors.extend({ name: z.string().optional() })).default([]),
  })
  .catchall(z.array(z.unknown()).min(1));

/** One workload that has the window for itself, or is one of several in it. */
export const oneWorkload = z.discriminatedUnion('kind', inFileSchemas);
export type OneWorkload = z.infer<typeof oneWorkload>;

/** Those of one window. */
export const severalWorkloads = closed({ together: z.array(oneWorkload).max(mostLoads + 1) });

function isSeveral(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'together');
}

const workloadEntry = chosenSchema<OneWorkload | z.infer<typeof severalWorkloads>>((value) =>
  isSeveral(value) ? severalWorkloads : oneWorkload,
);

/** Boots of one run: a plan of more is a slip. */
export const mostBoots = 10_000;
/** A warm-up is a small part of a measurement: more is a slip. */
const mostWarmupSeconds = 3600;

/** What users write of a VMM. */
const vmmKeys = {
  kind: z.enum([...drivers.keys()]),
  accel: z.enum(vmmSpec.shape.accel.options),
  binary: z.string().min(1).nullable(),
  vcpus: z.int().min(1),
  memory: size,
  options: vmmOptions,
};

/** What is otherwise for the VMs at one end. */
const vmmAtEnd = closed(z.object(vmmKeys).partial().shape).nullable().default(null);

/** The experiment as users write it: units as text, defaults of the lab note. */
export const experimentFile = closed({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be letters, digits, . - or _ (64 at most)')
    .optional(),
  description: z.string().default(''),
  topology: z.enum(topologyName.options).default('vm-to-host'),
  pairs: z.int().min(1).max(mostPairs).default(1),
  ceiling: onOff.prefault('off'),
  vmm: closed({
    kind: vmmKeys.kind.default('qemu'),
    accel: vmmKeys.accel.default('auto'),
    binary: vmmKeys.binary.default(null),
    vcpus: vmmKeys.vcpus.default(1),
    memory: vmmKeys.memory.prefault('512M'),
    options: vmmKeys.options.prefault({}),
    client: vmmAtEnd,
    server: vmmAtEnd,
  }).prefault({}),
  guest: closed({
    kernel: path,
    initrd: path,
    rootfs: path,
    tools: z.enum(guestTools).default('image'),
    init: z.enum(guestInit).default('ours'),
    modules: path,
    kernelArguments: kernelArguments.default(''),
    congestionControl: z
      .string()
      .regex(/^[a-z0-9_-]{1,15}$/, 'must be the name of a congestion control, such as cubic')
      .nullable()
      .default(null),
  }).prefault({}),
  nic: closed({
    mtu: nicSpec.shape.mtu.default(1500),
    offloads: offloads.prefault({}),
    vhost: onOff.prefault('off'),
    queues: nicSpec.shape.queues.default(1),
    rxQueueSize: nicSpec.shape.rxQueueSize.default(null),
    txQueueSize: nicSpec.shape.txQueueSize.default(null),
  }).prefault({}),
  trace: trace.prefault({}),
  prepare: prepareInFile.prefault({}),
  workloads: z
    .array(workloadEntry)
    .min(1)
    .prefault(usualKinds.map((kind) => ({ kind }))),
  matrix: matrixInFile.nullable().default(null),
  boots: z.int().min(1).max(mostBoots).nullable().default(null),
  budget: duration.nullable().default(null),
  order: z.enum(experiment.shape.order.options).default('shuffled'),
  seed: z.int().min(0).nullable().default(null),
  settle: durationOrZero.prefault(0),
  warmup: wholeSeconds(mostWarmupSeconds, durationOrZero).prefault(0),
  bootTimeout: duration.prefault('60s'),
  timeout: duration.nullable().default(null),
});

export type ExperimentFile = z.infer<typeof experimentFile>;
