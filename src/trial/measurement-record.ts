import { TapbenchError } from '../record/error.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import type { GatheredMeasurement, MeasuredPart, TracedWindow } from '../record/measurement.ts';
import type { SystemCalls } from '../record/probe-readings.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import type { CallCounters, CallReading } from './call-counters.ts';
import { guestResources } from './guest-texts.ts';
import { kvmExitsOf } from './kvm-exits.ts';
import type { ReadFlow, ReadWindow } from './read-window.ts';

/** What a measurement is put together from. */
export interface MeasuredWindows {
  readonly spec: WorkloadSpec;
  /** null where there is no VM. */
  readonly driver: VmmDriver | null;
  readonly counters: CallCounters;
  readonly measured: ReadWindow;
  /** null where the trace isn't separate, or its tracer failed. */
  readonly traced: ReadWindow | null;
  /** Why a tracer gave no counts; null where none failed in this workload. */
  readonly failure: string | null;
}

/** Why a record has no readings of a machine; null where it has one machine. */
function noMachine({ outcome: { machines } }: ReadWindow): string | null {
  if (machines.length === 1) return null;
  return machines.length === 0 ? 'no VM' : 'the record has room for one VM';
}

/** A reading; null where there is only the reason why it can't be had. */
function had<T>(reading: T | TapbenchError): T | null {
  return reading instanceof TapbenchError ? null : reading;
}

function onlyFlow({ flows }: ReadWindow): ReadFlow {
  const [flow] = flows;
  if (flow === undefined) throw new TapbenchError('LAB_FAILED', 'the world has no flow');
  if ('failure' in flow) throw flow.failure;
  return flow;
}

function systemCalls(calls: CallReading, window: ReadWindow): Omit<SystemCalls, 'mode' | 'sourceReason'> {
  const { source, lostEvents, threads } = calls;
  const { messages, payloadBytes } = onlyFlow(window).reading;
  return {
    source,
    lostEvents,
    threads,
    onlyCalls: null,
    window: window.outcome.window,
    messages,
    bytes: payloadBytes,
  };
}

/** The counts of the traced window, else of the measured one. */
function countedCalls({ measured, traced, counters, failure }: MeasuredWindows): SystemCalls | null {
  if (noMachine(measured) !== null) return null;
  const ofTraced = traced?.outcome.readings.calls?.[0];
  if (traced !== null && ofTraced !== undefined) {
    return { ...systemCalls(ofTraced, traced), mode: 'separate', sourceReason: null };
  }
  const calls = measured.outcome.readings.calls?.[0];
  if (calls === undefined) return null;
  const sourceReason = calls.source === 'bpftrace' ? null : counters.fallbackReason(failure);
  return { ...systemCalls(calls, measured), mode: 'inline', sourceReason };
}

function tracedWindow(window: ReadWindow): TracedWindow {
  const { outcome } = window;
  const { commands, reading } = onlyFlow(window);
  const machine = noMachine(window) === null ? outcome.readings.machines[0] : null;
  return {
    window: outcome.window,
    throughput: reading.throughput,
    latency: reading.latency,
    threads: machine?.threads ?? [],
    link: machine === null ? null : (outcome.machines[0]?.link ?? null),
    vmmErrors: machine === null || machine === undefined ? null : had(machine.vmmErrors),
    files: [...(commands.server?.files ?? []), ...commands.client.files],
  };
}

type Reasons = Partial<Record<MeasuredPart, string>>;

/** Why figures of the tool are absent. */
function reasonsOfTool({ spec, measured }: MeasuredWindows): Reasons {
  const { throughput, latency } = onlyFlow(measured).reading;
  const reasons: Reasons = {};
  if (throughput === null) reasons.throughput = `${spec.kind} does not measure throughput`;
  if (latency === null) reasons.latency = `${spec.kind} does not measure latency`;
  return reasons;
}

/** Readings of the VM and its VMM over the measured window, with why some are absent. */
type MachineParts = Pick<
  GatheredMeasurement,
  'threads' | 'link' | 'guestResources' | 'consoleBytes' | 'vmmCounters' | 'vmmErrors' | 'notMeasured'
>;

function partsOfMachine({ driver, measured }: MeasuredWindows): MachineParts {
  const { readings, machines } = measured.outcome;
  const [reading] = readings.machines;
  const [machine] = machines;
  const why = noMachine(measured);
  if (why !== null || reading === undefined || reading === null || machine === undefined) {
    const reason = why ?? 'the VMM was gone';
    const notMeasured = Object.fromEntries(partNames.map((name) => [name, reason]));
    return { ...noReadings, notMeasured };
  }
  const resources = guestResources(machine.guestTexts);
  const { vmmCounters } = machine;
  const reasons: Reasons = {};
  if (resources instanceof TapbenchError) reasons.guestResources = resources.message;
  if (vmmCounters === null) reasons.vmmCounters = `${driver?.kind ?? ''} has no counters of its own that can be read`;
  if (vmmCounters instanceof TapbenchError) reasons.vmmCounters = vmmCounters.message;
  if (reading.vmmErrors instanceof TapbenchError) reasons.vmmErrors = reading.vmmErrors.message;
  return {
    threads: reading.threads,
    link: machine.link,
    guestResources: had(resources),
    consoleBytes: reading.consoleBytes,
    vmmCounters: had(vmmCounters),
    vmmErrors: had(reading.vmmErrors),
    notMeasured: reasons,
  };
}

const partNames = ['threads', 'link', 'guestResources', 'vmmCounters', 'vmmErrors'] as const;
const noReadings = {
  threads: [],
  link: null,
  guestResources: null,
  consoleBytes: null,
  vmmCounters: null,
  vmmErrors: null,
};

/** What was measured, as it is stored. */
export function measurementRecord(windows: MeasuredWindows): GatheredMeasurement {
  const { spec, counters, measured, traced, failure } = windows;
  const { outcome } = measured;
  const { commands, reading } = onlyFlow(measured);
  const calls = countedCalls(windows);
  const why = noMachine(measured);
  const kvm = why === null ? ((traced ?? measured).outcome.readings.calls?.[0]?.kvm ?? null) : null;
  const kvmExits = kvmExitsOf(calls, kvm);
  const { notMeasured, ...machine } = partsOfMachine(windows);
  const reasons: Reasons = { ...reasonsOfTool(windows), ...notMeasured };
  if (calls === null) reasons.systemCalls = why ?? 'tracing is off';
  if (kvmExits === null) reasons.kvmExits = why ?? counters.noKvmReason(failure);
  return {
    workload: spec.name,
    spec,
    window: outcome.window,
    startedAt: outcome.startedAt,
    commands,
    throughput: reading.throughput,
    latency: reading.latency,
    work: { roundTrips: reading.messages, payloadBytes: reading.payloadBytes },
    systemCalls: calls,
    kvmExits,
    hostCpu: outcome.readings.hostCpu,
    traced: traced === null ? null : tracedWindow(traced),
    ...machine,
    notMeasured: reasons,
    noted: null,
  };
}
