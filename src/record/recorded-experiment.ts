import { z } from 'zod';
import { notedSchemas } from '../workload/workloads.ts';
import {
  configuration,
  experiment,
  guestSpec,
  nicSpec,
  prepareSpec,
  topologyName,
  traceSpec,
  vmmSpec,
} from './experiment.ts';

/**
 * What was done, as a record of it says: everything where tapbench measured, what is written where a person did. null: it is not said. Every full
 * `Configuration` and `Experiment` is one of these too.
 */

/** Of lab notes there are kinds that can't be run. */
export const recordedWorkload = z.discriminatedUnion('kind', notedSchemas);
export type RecordedWorkload = z.infer<typeof recordedWorkload>;

/** A lab note says of a network card what the VMM's command line says. */
export const recordedNic = z.strictObject({
  mtu: nicSpec.shape.mtu.nullable(),
  offloads: nicSpec.shape.offloads.nullable(),
  vhost: nicSpec.shape.vhost.nullable(),
  queues: nicSpec.shape.queues.nullable(),
  rxQueueSize: nicSpec.shape.rxQueueSize,
  txQueueSize: nicSpec.shape.txQueueSize,
});
export type RecordedNic = z.infer<typeof recordedNic>;

export const recordedConfiguration = z.strictObject({
  name: configuration.shape.name,
  factors: configuration.shape.factors,
  topology: topologyName.nullable(),
  pairs: configuration.shape.pairs,
  vmm: z.strictObject({
    kind: vmmSpec.shape.kind.nullable(),
    accel: vmmSpec.shape.accel.nullable(),
    binary: vmmSpec.shape.binary,
    vcpus: vmmSpec.shape.vcpus.nullable(),
    memoryBytes: vmmSpec.shape.memoryBytes.nullable(),
    options: vmmSpec.shape.options,
    server: vmmSpec.shape.server,
  }),
  guest: guestSpec.nullable(),
  nic: recordedNic.nullable(),
  trace: traceSpec.nullable(),
  prepare: prepareSpec.nullable(),
  workloads: z
    .array(recordedWorkload)
    .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two workloads have one name'),
  together: configuration.shape.together,
  ceilingOf: configuration.shape.ceilingOf,
});
export type RecordedConfiguration = z.infer<typeof recordedConfiguration>;

/** Trials tell theirs by its name. Of one that stands there a thousand times, the same trials would be compared as often. */
const configurations = z
  .array(recordedConfiguration)
  .min(1)
  .refine((all) => new Set(all.map((one) => one.name)).size === all.length, 'two configurations have one name');

export const recordedExperiment = z.strictObject({
  ...experiment.shape,
  order: experiment.shape.order.nullable(),
  seed: experiment.shape.seed.nullable(),
  settleNs: experiment.shape.settleNs.nullable(),
  warmupNs: experiment.shape.warmupNs.nullable(),
  bootTimeoutNs: experiment.shape.bootTimeoutNs.nullable(),
  configurations,
});
export type RecordedExperiment = z.infer<typeof recordedExperiment>;
