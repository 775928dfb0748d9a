import { z } from 'zod';
import {
  configuration,
  experiment,
  guestSpec,
  iperf3Spec,
  nicSpec,
  prepareSpec,
  sockperfSpec,
  topologyName,
  traceSpec,
  vmmSpec,
} from './experiment.ts';

/**
 * What was done, as a record of it says: everything where tapbench measured, what is written where a person did. null: it is not said. Every full
 * `Configuration` and `Experiment` is one of these too.
 */

/** Lab notes have topologies that tapbench does not make. */
export const recordedTopology = z.enum([...topologyName.options, 'vm-to-vm', 'host-to-host']);
export type RecordedTopology = z.infer<typeof recordedTopology>;

const recordedBulk = {
  name: iperf3Spec.shape.name,
  durationNs: iperf3Spec.shape.durationNs.nullable(),
  protocol: iperf3Spec.shape.protocol.nullable(),
  streams: iperf3Spec.shape.streams.nullable(),
  /** `both`: at once (`--bidir`), which only lab notes have. */
  direction: z.enum([...iperf3Spec.shape.direction.options, 'both']).nullable(),
  omitNs: iperf3Spec.shape.omitNs.nullable(),
  targetBitsPerSecond: iperf3Spec.shape.targetBitsPerSecond,
  bufferBytes: iperf3Spec.shape.bufferBytes,
};

/** `iperf` is version 2, which only lab notes have; `unknown`: counts of system calls of which a lab note does not say what ran. */
export const recordedWorkload = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('iperf3'), ...recordedBulk }),
  z.strictObject({ kind: z.literal('iperf'), ...recordedBulk }),
  z.strictObject({
    kind: z.literal('sockperf'),
    name: sockperfSpec.shape.name,
    durationNs: sockperfSpec.shape.durationNs.nullable(),
    /** `playback`: which only lab notes have. */
    mode: z.enum([...sockperfSpec.shape.mode.options, 'playback']).nullable(),
    protocol: sockperfSpec.shape.protocol.nullable(),
    messageBytes: sockperfSpec.shape.messageBytes.nullable(),
    messagesPerSecond: sockperfSpec.shape.messagesPerSecond,
  }),
  z.strictObject({ kind: z.literal('unknown'), name: sockperfSpec.shape.name, durationNs: z.null() }),
]);
export type RecordedWorkload = z.infer<typeof recordedWorkload>;
export type RecordedWorkloadKind = RecordedWorkload['kind'];

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
  topology: recordedTopology.nullable(),
  vmm: z.strictObject({
    kind: vmmSpec.shape.kind.nullable(),
    accel: vmmSpec.shape.accel.nullable(),
    binary: vmmSpec.shape.binary,
    vcpus: vmmSpec.shape.vcpus.nullable(),
    memoryBytes: vmmSpec.shape.memoryBytes.nullable(),
    options: vmmSpec.shape.options,
  }),
  guest: guestSpec.nullable(),
  nic: recordedNic.nullable(),
  trace: traceSpec.nullable(),
  prepare: prepareSpec.nullable(),
  workloads: z.array(recordedWorkload),
});
export type RecordedConfiguration = z.infer<typeof recordedConfiguration>;

export const recordedExperiment = z.strictObject({
  ...experiment.shape,
  order: experiment.shape.order.nullable(),
  seed: experiment.shape.seed.nullable(),
  settleNs: experiment.shape.settleNs.nullable(),
  warmupNs: experiment.shape.warmupNs.nullable(),
  bootTimeoutNs: experiment.shape.bootTimeoutNs.nullable(),
  configurations: z.array(recordedConfiguration).min(1),
});
export type RecordedExperiment = z.infer<typeof recordedExperiment>;

export type RecordedBulk = Extract<RecordedWorkload, { kind: 'iperf3' | 'iperf' }>;

/** Whether a workload is a bulk transfer, whose figure is a throughput. */
export function isBulk(spec: RecordedWorkload): spec is RecordedBulk {
  return spec.kind === 'iperf3' || spec.kind === 'iperf';
}
