import { z } from 'zod';
import { count, integer, moment, name, positive } from './bounds.ts';
import { finding } from './finding.ts';
import { latency } from './latency.ts';
import { mostFlows, mostLoads, mostMachines, namesOfMeasurement, placeName } from './place-names.ts';
import {
  guestResources,
  hostCpu,
  kvmExits,
  linkReading,
  machineKvmExits,
  machineSystemCalls,
  machineThreadCpu,
  systemCalls,
  threadCpu,
  vmmCounters,
  vmmErrors,
  vmmMemory,
} from './probe-readings.ts';
import { rateSearch } from './rate-search.ts';
import { recordedWorkload } from './recorded-experiment.ts';
import { throughput } from './throughput.ts';
import { window } from './window.ts';

/** What was run at the two ends, word for word, and what came of it. */
export const commandRecord = z.strictObject({
  endpoint: name,
  argv: z.array(z.string()),
  /** null for a process that a signal ended. */
  exitStatus: integer.nullable(),
  /** Raw output kept beside the trial, relative to its folder. */
  files: z.array(z.string()),
});
export type CommandRecord = z.infer<typeof commandRecord>;

/** What can be absent from a flow, a machine or a window; each absence has its reason. */
export const flowPart = z.enum(['throughput', 'latency']);
export const machinePart = z.enum([
  'systemCalls',
  'link',
  'guestResources',
  'threads',
  'kvmExits',
  'vmmCounters',
  'vmmErrors',
  'vmmMemory',
]);
export const windowPart = z.enum(['hostCpu', 'startSkewNs']);

/** The same of a measurement as a whole. */
export const measuredPart = z.enum([...flowPart.options, ...machinePart.options, ...windowPart.options]);
export type MeasuredPart = z.infer<typeof measuredPart>;

/** Work done in the whole window, with what the tool leaves out of its figures (warm-up, omitted seconds): what costs are divided by. null where the tool does not say, or has no such work. */
export const windowWork = z.strictObject({
  roundTrips: count.nullable(),
  /** Both ways. */
  payloadBytes: count.nullable(),
});
export type WindowWork = z.infer<typeof windowWork>;

/** null: a lab note does not show it, or there was none, as the kernel answers by itself. */
const flowCommands = z.strictObject({ server: commandRecord.nullable(), client: commandRecord.nullable() });

/** One client and its server: what they were told, and what they reported. */
export const flow = z.strictObject({
  name: placeName,
  /** Name of the machine, or of the namespace of the host; null: a lab note does not say. */
  client: placeName.nullable(),
  server: placeName.nullable(),
  commands: flowCommands,
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  work: windowWork,
  /** Why it came to nothing; null where it came to an end. */
  failure: z.string().nullable(),
  /** Why a part is null. */
  notMeasured: z.partialRecord(flowPart, z.string()),
});
export type Flow = z.infer<typeof flow>;

/** What was read of one VM and its VMM. */
export const machineReading = z.strictObject({
  name: placeName,
  /** `messages` and `bytes`: of the flows that it is an end of. */
  systemCalls: machineSystemCalls.nullable(),
  kvmExits: machineKvmExits.nullable(),
  vmmCounters: vmmCounters.nullable(),
  vmmErrors: vmmErrors.nullable(),
  /** Absent in runs of a version that did not look. */
  vmmMemory: vmmMemory.nullable().optional(),
  /** Threads of the VMM, its vhost workers in the kernel included; empty with a reason where they could not be read. */
  threads: z.array(machineThreadCpu),
  link: linkReading.nullable(),
  guestResources: guestResources.nullable(),
  /** Bytes that crossed the guest's console inside the window, both ways: 0 unless a client went silent; null in a lab note. */
  consoleBytes: count.nullable(),
  /** Why a part is null or empty. */
  notMeasured: z.partialRecord(machinePart, z.string()),
});
export type MachineReading = z.infer<typeof machineReading>;

export const tracedFlow = z.strictObject({
  name: placeName,
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  work: windowWork,
  files: z.array(z.string()),
});
export type TracedFlow = z.infer<typeof tracedFlow>;

export const tracedMachine = z.strictObject({
  name: placeName,
  threads: z.array(machineThreadCpu),
  link: linkReading.nullable(),
  /** null, as in the measurement: they were not read. */
  vmmErrors: vmmErrors.nullable(),
});
export type TracedMachine = z.infer<typeof tracedMachine>;

const flows = <T extends z.ZodType>(one: T) => z.array(one).max(mostFlows, { abort: true });
const machines = <T extends z.ZodType>(one: T) => z.array(one).max(mostMachines, { abort: true });

/** The second window of `trace: separate`: what the same workload gave while it was traced. Its flows and machines are those of the measurement, by name. */
export const tracedReadings = z.strictObject({
  window,
  flows: flows(tracedFlow),
  machines: machines(tracedMachine),
});
export type TracedReadings = z.infer<typeof tracedReadings>;

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

/** Of the whole window, whatever flows and machines there are. */
const windowShape = {
  /** Name of the workload in the experiment. */
  workload: name,
  spec: recordedWorkload,
  /** null in a lab note. */
  window: window.nullable(),
  /** ISO 8601, the host's wall clock at the opening edge; null in a lab note. */
  startedAt: moment.nullable(),
};

/** Where in a lab note it stands; null for what tapbench measured. */
const notedShape = { noted: noted.nullable() };

/** Steps before the window that found out the rate that it was run with; absent where nothing was searched for. */
const searchShape = { search: rateSearch.optional() };

/** Between the first packets of the first and the last flow, ns; null with one flow, and with the reason where it was not read. */
const startSkewNs = count.nullable();
/** Names of the workloads that shared the window; empty: it had the window for itself. */
const underLoad = z.array(name).max(mostLoads, { abort: true });

/** One workload in one trial over all flows of its window, as gathered: no figure here was derived from another. */
export const gatheredMeasurement = z
  .strictObject({
    ...windowShape,
    flows: flows(flow).min(1, { abort: true }),
    machines: machines(machineReading),
    hostCpu: hostCpu.nullable(),
    startSkewNs,
    underLoad,
    traced: tracedReadings.nullable(),
    /** Why a part of the window is null. */
    notMeasured: z.partialRecord(windowPart, z.string()),
    ...notedShape,
    ...searchShape,
  })
  .check(namesOfMeasurement);
export type GatheredMeasurement = z.infer<typeof gatheredMeasurement>;

/** The traced window as a whole. */
export const tracedWindow = z.strictObject({
  window,
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  threads: z.array(threadCpu),
  link: linkReading.nullable(),
  /** null, as in the measurement: they were not read. */
  vmmErrors: vmmErrors.nullable(),
  files: z.array(z.string()),
  /** As in the measurement. */
  flows: flows(tracedFlow).optional(),
  machines: machines(tracedMachine).optional(),
});
export type TracedWindow = z.infer<typeof tracedWindow>;

/** The same as a whole: of one flow and one machine what was gathered of them; of several what is true of all together, with the lists that it was made of. */
export const wholeMeasurement = z.strictObject({
  ...windowShape,
  commands: flowCommands,
  throughput: throughput.nullable(),
  latency: latency.nullable(),
  work: windowWork,
  systemCalls: systemCalls.nullable(),
  kvmExits: kvmExits.nullable(),
  vmmCounters: vmmCounters.nullable(),
  vmmErrors: vmmErrors.nullable(),
  /** Of several VMMs the mean. Absent where there is none, or nobody looked. */
  vmmMemory: vmmMemory.nullable().optional(),
  threads: z.array(threadCpu),
  link: linkReading.nullable(),
  hostCpu: hostCpu.nullable(),
  guestResources: guestResources.nullable(),
  traced: tracedWindow.nullable(),
  consoleBytes: count.nullable(),
  /** Why a part is null or empty. */
  notMeasured: z.partialRecord(measuredPart, z.string()),
  ...notedShape,
  ...searchShape,
  /** This and the next two are absent where there is one flow and one machine. */
  flows: flows(flow).optional(),
  machines: machines(machineReading).optional(),
  startSkewNs: startSkewNs.optional(),
  /** Absent where it had the window for itself. */
  underLoad: underLoad.optional(),
});
export type WholeMeasurement = z.infer<typeof wholeMeasurement>;

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

/** What only several flows together have. null: a flow has no such figure. */
export const flowsTogether = z.strictObject({
  /**
   * Jain's index over what the flows got, throughput or round trips a second: 1, they got the same; 1/n, one got all. (R. Jain, D. Chiu, W. Hawe: A
   * Quantitative Measure of Fairness and Discrimination, DEC-TR-301, 1984)
   */
  fairness: count.nullable(),
  /** Name of the flow with the least throughput, or the highest 99th percentile of latency. */
  worst: placeName.nullable(),
});
export type FlowsTogether = z.infer<typeof flowsTogether>;

/** A measurement as every reader sees it: gathered, taken as a whole, then judged. */
export const measurement = z.strictObject({
  ...wholeMeasurement.shape,
  cost,
  /** Absent where the trial has one VM. */
  machineCosts: z.array(machineCost).optional(),
  /** Absent where there is one flow. */
  together: flowsTogether.optional(),
  observerEffect: observerEffect.nullable(),
  findings: z.array(finding),
});
export type Measurement = z.infer<typeof measurement>;
