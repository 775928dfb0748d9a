import { z } from 'zod';
import { count, integer, moment, positive } from './bounds.ts';
import { finding } from './finding.ts';
import { latency } from './latency.ts';
import {
  guestResources,
  hostCpu,
  kvmExits,
  linkReading,
  systemCalls,
  threadCpu,
  vmmCounters,
  vmmErrors,
} from './probe-readings.ts';
import { recordedWorkload } from './recorded-experiment.ts';
import { throughput } from './throughput.ts';
import { window } from './window.ts';

/** What was run at the two ends, word for word, and what came of it. */
export const commandRecord = z.strictObject({
  endpoint: z.string(),
  argv: z.array(z.string()),
  /** null for a process that a signal ended. */
  exitStatus: integer.nullable(),
  /** Raw output kept beside the trial, relative to its folder. */
  files: z.array(z.string()),
});
export type CommandRecord = z.infer<typeof commandRecord>;

/** What can be absent from a measurement; each absence has its reason. */
export const measuredPart = z.enum([
  'throughput',
  'latency',
  'systemCalls',
  'link',
  'hostCpu',
  'guestResources',
  'threads',
  'kvmExits',
  'vmmCounters',
  'vmmErrors',
]);
export type MeasuredPart = z.infer<typeof measuredPart>;

/** The second window of `trace: separate`: what the same workload gave while it was traced. */
export const tracedWindow = z.strictObject({
  window,
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  threads: z.array(threadCpu),
  link: linkReading.nullable(),
  /** null, as in the measurement: they were not read. */
  vmmErrors: vmmErrors.nullable(),
  files: z.array(z.string()),
});
export type TracedWindow = z.infer<typeof tracedWindow>;

/** Work done in the whole window, with what the tool leaves out of its figures (warm-up, omitted seconds): what costs are divided by. null where the tool does not say, or has no such work. */
export const windowWork = z.strictObject({
  roundTrips: count.nullable(),
  /** Both ways. */
  payloadBytes: count.nullable(),
});

export const noted = z.strictObject({
  /** Headings from the outermost to its own. */
  section: z.array(z.string()),
  /** First line of the tool's output; of the command where there is no output. */
  line: positive,
  /** Field (`throughput.bitsPerSecond`, `latency.halfRoundTripNs.p50`) to half a unit of the last digit that the note gives of it, in the field's unit. */
  rounding: z.record(z.string(), count),
  /** What the tool said of its failure, beside its figures. Absent where it said nothing. */
  failure: z.string().optional(),
  /** The text begins in the middle of the tool's table: rows of streams may be missing. Absent elsewhere. */
  isHeadCut: z.literal(true).optional(),
});

/** One workload in one trial, as gathered: no figure here was derived from another. */
export const gatheredMeasurement = z.strictObject({
  /** Name of the workload in the experiment. */
  workload: z.string(),
  spec: recordedWorkload,
  /** null in a lab note. */
  window: window.nullable(),
  /** ISO 8601, the host's wall clock at the opening edge; null in a lab note. */
  startedAt: moment.nullable(),
  /** null: a lab note does not show it, or there was none, as the kernel answers by itself. */
  commands: z.strictObject({ server: commandRecord.nullable(), client: commandRecord.nullable() }),
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  work: windowWork,
  systemCalls: systemCalls.nullable(),
  kvmExits: kvmExits.nullable(),
  vmmCounters: vmmCounters.nullable(),
  vmmErrors: vmmErrors.nullable(),
  /** Threads of the VMM, its vhost workers in the kernel included; empty with a reason where they could not be read. */
  threads: z.array(threadCpu),
  link: linkReading.nullable(),
  hostCpu: hostCpu.nullable(),
  guestResources: guestResources.nullable(),
  traced: tracedWindow.nullable(),
  /** Bytes that crossed the guest's console inside the window, both ways: 0 unless a client went silent; null in a lab note. */
  consoleBytes: count.nullable(),
  /** Why a part is null or empty. */
  notMeasured: z.partialRecord(measuredPart, z.string()),
  /** Where in a lab note it stands; null for what tapbench measured. */
  noted: noted.nullable(),
});
export type GatheredMeasurement = z.infer<typeof gatheredMeasurement>;

/** What the path costs. null: not computable, with the reason in `reasons`. Unit in each name; the formulas are in `docs/metrics.md`. */
export const cost = z.strictObject({
  /** Calls of kind `work`, all VMM threads. */
  systemCallsPerRoundTrip: z.number().nullable(),
  /** Calls of kind `work` per 1e9 payload bytes. */
  systemCallsPerGigabyte: z.number().nullable(),
  waitCallsPerRoundTrip: z.number().nullable(),
  waitCallsPerGigabyte: z.number().nullable(),
  /** KVM_RUN entries. */
  guestEntriesPerRoundTrip: z.number().nullable(),
  guestEntriesPerGigabyte: z.number().nullable(),
  /** Exits from the guest that the VMM had to handle (kvm:kvm_userspace_exit). */
  userspaceExitsPerRoundTrip: z.number().nullable(),
  userspaceExitsPerGigabyte: z.number().nullable(),
  /** All exits from the guest (kvm:kvm_exit). */
  kvmExitsPerRoundTrip: z.number().nullable(),
  kvmExitsPerGigabyte: z.number().nullable(),
  /** Time on a CPU of all VMM threads, vCPU threads included. */
  vmmCpuNsPerRoundTrip: z.number().nullable(),
  vmmCpuNsPerGigabyte: z.number().nullable(),
  /** The same without the vCPU threads: what the VMM adds beside the guest. */
  vmmCpuOutsideVcpuNsPerRoundTrip: z.number().nullable(),
  vmmCpuOutsideVcpuNsPerGigabyte: z.number().nullable(),
  /** Throughput divided by the cores that the VMM kept busy. */
  bitsPerSecondPerCore: z.number().nullable(),
  reasons: z.record(z.string(), z.string()),
});
export type Cost = z.infer<typeof cost>;

/** The costs of one VM's VMM, where those of several were counted apart. */
export const machineCost = z.strictObject({ machine: z.string(), cost });
export type MachineCost = z.infer<typeof machineCost>;

/** The figure of the traced window against the untraced one of the same boot. */
export const observerEffect = z.strictObject({
  metric: z.enum(['throughput.bitsPerSecond', 'latency.halfRoundTripNs.p50']),
  untraced: z.number(),
  traced: z.number(),
  /** traced / untraced. */
  ratio: z.number(),
});
export type ObserverEffect = z.infer<typeof observerEffect>;

/** A measurement as every reader sees it: gathered, then judged. */
export const measurement = z.strictObject({
  ...gatheredMeasurement.shape,
  cost,
  /** Absent where the trial has one VM. */
  machineCosts: z.array(machineCost).optional(),
  observerEffect: observerEffect.nullable(),
  findings: z.array(finding),
});
export type Measurement = z.infer<typeof measurement>;
