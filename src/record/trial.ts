import { z } from 'zod';
import { count, folderName, moment, name, natural, ordinal, positive } from './bounds.ts';
import { pinnedRole } from './experiment.ts';
import { guestFacts } from './guest.ts';
import { gatheredMeasurement, measurement, wholeMeasurement } from './measurement.ts';
import { mostMachines, namesOfTrial, placeName } from './place-names.ts';
import { recordedConfiguration } from './recorded-experiment.ts';
import { window } from './window.ts';

/** Wall time of one step of a trial or a run. Phases may overlap. */
export const phase = z.strictObject({
  name,
  /** CLOCK_MONOTONIC, ns. */
  startNs: count,
  endNs: count,
  /** Inside a measured or traced window: not counted as overhead. */
  isWindow: z.boolean(),
});
export type Phase = z.infer<typeof phase>;

/** Why a trial failed, with what was left of it. */
export const failure = z.strictObject({
  code: name,
  message: z.string(),
  hint: z.string().nullable(),
  /** Name of the workload it happened in; null outside of workloads. */
  workload: name.nullable(),
  consoleTail: z.array(z.string()),
  vmmStderrTail: z.array(z.string()),
});
export type Failure = z.infer<typeof failure>;

/** What the VMM was and how it was started. */
export const vmmFacts = z.strictObject({
  kind: z.string(),
  /** What `auto` became. */
  accel: z.enum(['kvm', 'tcg']),
  argv: z.array(z.string()),
  path: z.string(),
  version: z.string(),
  sha256: z.string(),
  /** Of the binary itself; null where it doesn't say. */
  isStatic: z.boolean().nullable(),
  /** Built without optimisation, or with its assertions on; null where the binary does not say. */
  isDebugBuild: z.boolean().nullable(),
  /** What the verdict on the build rests on; null where there is none. */
  buildReason: z.string().nullable(),
  /** `own-user`: as a user that only it had; `tapbench-user`: as tapbench itself; null: nobody wrote that down. */
  runsAs: z.enum(['own-user', 'tapbench-user']).nullable().default(null),
  /** Files that were written for it: name to text. */
  files: z.record(z.string(), z.string()),
});
export type VmmFacts = z.infer<typeof vmmFacts>;

/** The host's end of the path. */
export const pathFacts = z.strictObject({
  device: name,
  mtu: natural,
  /** ethtool -k of the tap, by feature. */
  offloads: z.record(z.string(), z.boolean()),
  congestionControl: z.string(),
  qdisc: z.string().nullable(),
  /** Queue pairs that the tap really has; null where it was not read. */
  queues: positive.nullable(),
  /** Who takes the guest's word that a queue has buffers: `vhost`, the VMM through an `ioeventfd`, or the VMM itself after an exit from the guest (`vmm-exit`); null where it isn't known. */
  notification: z.enum(['vhost', 'ioeventfd', 'vmm-exit']).nullable(),
});
export type PathFacts = z.infer<typeof pathFacts>;

/** One thing of the host that a trial wanted to be otherwise. */
export const hostSetting = z.strictObject({
  /** Field of `prepare` that asked for it. */
  field: z.string(),
  /** The file, or the process, that it is about. */
  target: z.string(),
  wanted: z.string(),
  /** What it was before; null where that can't be read. */
  before: z.string().nullable(),
  /** `already`: it was so before; `refused`: the machine did not take it; `absent`: the machine has no such thing. */
  status: z.enum(['set', 'already', 'refused', 'absent']),
  /** Why it was refused or is absent. */
  reason: z.string().nullable(),
});
export type HostSetting = z.infer<typeof hostSetting>;

/** Where one thread or process was kept. */
export const pin = z.strictObject({
  role: pinnedRole,
  /** Name of the thread or program. */
  name,
  cpus: z.array(natural),
  /** `shared`: pinned, but with a core that another role has too, as there are too few. */
  status: z.enum(['pinned', 'shared', 'refused']),
  reason: z.string().nullable(),
});
export type Pin = z.infer<typeof pin>;

/** From the start of the VMM to a guest that answers; absent where none ever did, and in runs of a version that did not look. */
const bootTime = window.optional();

const machineFactsShape = {
  vmm: vmmFacts.nullable(),
  guest: guestFacts.nullable(),
  path: pathFacts.nullable(),
  bootTime,
};

/** One VM of the trial. */
export const machineFacts = z.strictObject({ name: placeName, ...machineFactsShape });
export type MachineFacts = z.infer<typeof machineFacts>;

const machines = z.array(machineFacts).max(mostMachines, { abort: true });

const before = {
  schemaVersion: z.literal(6),
  trialId: folderName,
  runId: name,
  configuration: recordedConfiguration,
  /** 1 for the first block. */
  block: ordinal,
  /** 1 for the first boot of this configuration. */
  boot: ordinal,
  /** 1, or more where an unfinished trial was begun again. */
  attempt: ordinal,
  /** Id of the failed or void trial of the same block that this one repeats; null for a trial of the plan. */
  repeats: folderName.nullable(),
  /** ISO 8601, host's wall clock; null in a lab note. */
  startedAt: moment.nullable(),
  endedAt: moment.nullable(),
};

const after = {
  /** What was done to the host for it; the settings are undone by now. */
  preparation: z.strictObject({ settings: z.array(hostSetting), pins: z.array(pin) }),
  failure: failure.nullable(),
  phases: z.array(phase),
};

const end = {
  /** CPU time of tapbench's own process inside windows, ns; null where it took no part. */
  toolCpuInWindowsNs: count.nullable(),
  /** Largest resident set of tapbench's own process seen at window edges, bytes; null where it took no part. */
  toolResidentBytes: count.nullable(),
  /** Of a lab note: field (`vmm.version`) to why it is null. Empty for a measured trial. */
  notSaid: z.record(z.string(), z.string()),
};

/** `trial.json`: one boot of one configuration, as gathered. */
export const gatheredTrial = z
  .strictObject({
    ...before,
    machines,
    ...after,
    status: z.enum(['ok', 'failed']),
    measurements: z.array(gatheredMeasurement),
    ...end,
  })
  .check(namesOfTrial);
export type GatheredTrial = z.infer<typeof gatheredTrial>;

/** The same as a whole. Of several machines the facts are those of the first. */
export const wholeTrial = z.strictObject({
  ...before,
  ...machineFactsShape,
  ...after,
  status: z.enum(['ok', 'failed']),
  measurements: z.array(wholeMeasurement),
  ...end,
  /** Absent where there is one. */
  machines: machines.optional(),
});
export type WholeTrial = z.infer<typeof wholeTrial>;

/** A trial as every reader sees it: `void` where a finding voids one of its figures. */
export const trial = z.strictObject({
  ...wholeTrial.shape,
  status: z.enum(['ok', 'failed', 'void']),
  measurements: z.array(measurement),
});
export type Trial = z.infer<typeof trial>;
