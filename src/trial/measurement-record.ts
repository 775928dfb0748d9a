import { TapbenchError } from '../record/error.ts';
import type { WorkloadSpec } from '../record/experiment.ts';
import type { Flow, GatheredMeasurement, MachineReading, TracedReadings, WindowWork } from '../record/measurement.ts';
import type { MachineSystemCalls } from '../record/probe-readings.ts';
import type { RateSearch } from '../record/rate-search.ts';
import type { CallCounters, CallReading } from './call-counters.ts';
import { type FlowFailure, filesOf } from './flow-outcome.ts';
import { guestResources } from './guest-texts.ts';
import { kvmExitsOf } from './kvm-exits.ts';
import type { ReadFlow, ReadWindow } from './read-window.ts';
import { startSkew } from './start-skew.ts';
import type { MachineOutcome } from './window.ts';

/** What a measurement is put together from. */
export interface MeasuredWindows {
  /** The workload that it is of, and all of its window. */
  readonly spec: WorkloadSpec;
  readonly specs: readonly WorkloadSpec[];
  readonly counters: CallCounters;
  readonly measured: ReadWindow;
  /** null where the trace isn't separate, or its tracer failed. */
  readonly traced: ReadWindow | null;
  /** How the rate of the windows was found; null where it was given. */
  readonly search: RateSearch | null;
  /** Why a tracer gave no counts; null where none failed in this workload. */
  readonly failure: string | null;
}

/** A reading; null where there is only the reason why it can't be had. */
function had<T>(reading: T | TapbenchError): T | null {
  return reading instanceof TapbenchError ? null : reading;
}

const noWork: WindowWork = { roundTrips: null, payloadBytes: null };

function failedFlow({ flow, failure }: FlowFailure): Flow {
  const { name, client, server } = flow.plan;
  const why = `the flow failed: ${failure.message}`;
  return {
    name,
    client,
    server,
    commands: { server: null, client: null },
    throughput: null,
    latency: null,
    work: noWork,
    failure: failure.message,
    notMeasured: { throughput: why, latency: why },
  };
}

function workOf({ reading }: ReadFlow): WindowWork {
  return { roundTrips: reading.messages, payloadBytes: reading.payloadBytes };
}

function flowRecord(flow: ReadFlow | FlowFailure, { spec }: MeasuredWindows): Flow {
  if ('failure' in flow) return failedFlow(flow);
  const { name, client, server } = flow.flow.plan;
  const { throughput, latency } = flow.reading;
  const notMeasured: Flow['notMeasured'] = {};
  if (throughput === null) notMeasured.throughput = `${spec.kind} does not measure throughput`;
  if (latency === null) notMeasured.latency = `${spec.kind} does not measure latency`;
  return {
    name,
    client,
    server,
    commands: flow.commands,
    throughput,
    latency,
    work: workOf(flow),
    failure: null,
    notMeasured,
  };
}

/** What the flows of one machine did; null of what one of them does not say, and of all where they are of several workloads. */
function workOfMachine(name: string, { flows }: ReadWindow): WindowWork {
  if (new Set(flows.map(({ load }) => load)).size > 1) return noWork;
  const own = flows.filter(({ flow }) => flow.plan.client === name || flow.plan.server === name);
  const works = own.map((flow) => ('failure' in flow ? noWork : workOf(flow)));
  const sumOf = (part: keyof WindowWork): number | null =>
    works.reduce<number | null>(
      (sum, work) => {
        const value = work[part];
        return sum === null || value === null ? null : sum + value;
      },
      works.length === 0 ? null : 0,
    );
  return { roundTrips: sumOf('roundTrips'), payloadBytes: sumOf('payloadBytes') };
}

function systemCalls(
  calls: CallReading,
  window: ReadWindow,
  name: string,
): Omit<MachineSystemCalls, 'mode' | 'sourceReason'> {
  const { source, lostEvents, threads } = calls;
  const { roundTrips, payloadBytes } = workOfMachine(name, window);
  return {
    source,
    lostEvents,
    threads,
    onlyCalls: null,
    window: window.outcome.window,
    messages: roundTrips,
    bytes: payloadBytes,
  };
}

/** The counts of the traced window, else of the measured one. */
function callsOf(windows: MeasuredWindows, index: number, name: string): MachineSystemCalls | null {
  const { measured, traced, counters, failure } = windows;
  const ofTraced = traced?.outcome.readings.calls?.[index];
  if (traced !== null && ofTraced !== undefined) {
    return { ...systemCalls(ofTraced, traced, name), mode: 'separate', sourceReason: null };
  }
  const calls = measured.outcome.readings.calls?.[index];
  if (calls === undefined) return null;
  const sourceReason = calls.source === 'bpftrace' ? null : counters.fallbackReason(failure);
  return { ...systemCalls(calls, measured, name), mode: 'inline', sourceReason };
}

/** What was counted of one VMM, perhaps in another window. */
function countsOf(
  windows: MeasuredWindows,
  index: number,
  name: string,
): Pick<MachineReading, 'systemCalls' | 'kvmExits' | 'notMeasured'> {
  const { measured, traced, counters, failure } = windows;
  const calls = callsOf(windows, index, name);
  const kvmExits = kvmExitsOf(calls, (traced ?? measured).outcome.readings.calls?.[index]?.kvm ?? null);
  const notMeasured: MachineReading['notMeasured'] = {};
  if (calls === null) notMeasured.systemCalls = 'tracing is off';
  if (kvmExits === null) notMeasured.kvmExits = counters.noKvmReason(failure, index);
  return { systemCalls: calls, kvmExits, notMeasured };
}

const gone = 'the VMM was gone at an edge of the window';

/** One machine over the measured window. */
function machineRecord(windows: MeasuredWindows, own: MachineOutcome, index: number): MachineReading {
  const { name } = own.machine.plan;
  const { notMeasured, ...counts } = countsOf(windows, index, name);
  const reading = windows.measured.outcome.readings.machines[index] ?? null;
  const resources = guestResources(own.guestTexts);
  const { vmmCounters, vmmMemory } = own;
  if (resources instanceof TapbenchError) notMeasured.guestResources = resources.message;
  if (vmmCounters === null)
    notMeasured.vmmCounters = `${own.machine.bootable.driver.kind} has no counters of its own that can be read`;
  if (vmmCounters instanceof TapbenchError) notMeasured.vmmCounters = vmmCounters.message;
  if (vmmMemory instanceof TapbenchError) notMeasured.vmmMemory = vmmMemory.message;
  if (reading === null) notMeasured.threads = notMeasured.vmmErrors = gone;
  else if (reading.vmmErrors instanceof TapbenchError) notMeasured.vmmErrors = reading.vmmErrors.message;
  return {
    name,
    ...counts,
    vmmCounters: had(vmmCounters),
    vmmErrors: reading === null ? null : had(reading.vmmErrors),
    vmmMemory: had(vmmMemory),
    threads: reading?.threads ?? [],
    link: own.link,
    guestResources: had(resources),
    consoleBytes: reading?.consoleBytes ?? null,
    notMeasured,
  };
}

/** Those of one workload. */
function flowsOf({ flows }: ReadWindow, { name }: WorkloadSpec): ReadWindow['flows'] {
  return flows.filter(({ load }) => load.spec.name === name);
}

function tracedRecord(window: ReadWindow, spec: WorkloadSpec): TracedReadings {
  const { outcome } = window;
  return {
    window: outcome.window,
    flows: flowsOf(window, spec).map((flow) => {
      const { name } = flow.flow.plan;
      if ('failure' in flow) return { name, throughput: null, latency: null, work: noWork, files: [] };
      const { throughput, latency } = flow.reading;
      return { name, throughput, latency, work: workOf(flow), files: filesOf(flow) };
    }),
    machines: outcome.machines.map(({ machine, link }, index) => {
      const reading = outcome.readings.machines[index] ?? null;
      return {
        name: machine.plan.name,
        threads: reading?.threads ?? [],
        link,
        vmmErrors: reading === null ? null : had(reading.vmmErrors),
      };
    }),
  };
}

/** What was measured of one workload, as it is stored. Readings of machines and host are of the window: each workload of it has them. */
export function measurementRecord(windows: MeasuredWindows): GatheredMeasurement {
  const { spec, specs, measured, traced, search } = windows;
  const { outcome } = measured;
  const flows = flowsOf(measured, spec);
  const skew = startSkew(flows);
  return {
    workload: spec.name,
    spec,
    window: outcome.window,
    startedAt: outcome.startedAt,
    flows: flows.map((flow) => flowRecord(flow, windows)),
    machines: outcome.machines.map((own, index) => machineRecord(windows, own, index)),
    hostCpu: outcome.readings.hostCpu,
    startSkewNs: skew.ns,
    underLoad: specs.filter((one) => one !== spec).map(({ name }) => name),
    traced: traced === null ? null : tracedRecord(traced, spec),
    notMeasured: skew.reason === null ? {} : { startSkewNs: skew.reason },
    noted: null,
    ...(search === null ? {} : { search }),
  };
}
