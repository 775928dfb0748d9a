import { join } from 'node:path';
import type { Phases } from '../lab/phases.ts';
import { type OnProgress, step } from '../lab/progress.ts';
import { parseGuestResources } from '../probe/guest-resources.ts';
import { VmmCounterProbe } from '../probe/vmm-counters.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, WorkloadSpec } from '../record/experiment.ts';
import type { GatheredMeasurement, MeasuredPart, TracedWindow } from '../record/measurement.ts';
import type { GuestResources, SystemCalls } from '../record/probe-readings.ts';
import type { Phase } from '../record/trial.ts';
import { writeRawFile } from '../store/raw-file.ts';
import type { VmmDriver } from '../vmm/driver.ts';
import { roleOfThread } from '../vmm/thread-role.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import type { ToolReading } from '../workload/workload.ts';
import type { Machine } from '../world/boot.ts';
import type { CallCounter, CallCounters, CallReading } from './call-counters.ts';
import { Edges, type WatchedProcess } from './edges.ts';
import { type KvmReading, kvmExitsOf } from './kvm-exits.ts';
import type { Server } from './serve.ts';
import { runWindow, type WindowOutcome } from './window.ts';

export interface MeasureOptions {
  readonly machine: Machine;
  readonly configuration: Configuration;
  readonly driver: VmmDriver;
  readonly spec: WorkloadSpec;
  readonly trialFolder: string;
  readonly counters: CallCounters;
  /** Traffic before the measured window, ns; 0 for none. */
  readonly warmupNs: number;
  /** The server of the first window, where it was started ahead. */
  readonly server: Promise<Server> | null;
  readonly phases: Phases;
  readonly onProgress: OnProgress;
}

/** One measured workload, with what it cost us. */
export interface Measured {
  readonly measurement: GatheredMeasurement;
  readonly toolCpuNs: number;
  readonly toolResidentBytes: number;
}

/** One of the windows of a workload. */
interface Part {
  readonly name: string;
  readonly spec: WorkloadSpec;
  readonly counter: CallCounter | null;
  readonly keepsLog: boolean;
  readonly server: Promise<Server> | null;
  /** Further processes whose CPU time is the experiment's own. */
  readonly watched?: readonly WatchedProcess[];
}

interface Window {
  readonly outcome: WindowOutcome;
  readonly reading: ToolReading;
}

async function oneWindow(options: MeasureOptions, part: Part): Promise<Window> {
  const { machine, driver, phases, onProgress } = options;
  const workload = workloadFor(part.spec);
  const source = machine.command.counters;
  const edges = new Edges({
    vmmPid: machine.vmm.pid,
    tap: machine.plan.guest.tap,
    threadRole: (name, isMain) => roleOfThread(driver, { name, isMain }),
    counter: part.counter,
    consoleBytes: () => machine.guest.channel.consoleBytes,
    vmmOutput: machine.output,
  });
  for (const process of part.watched ?? []) edges.watch(process);
  const text = `${part.name}: ${String(part.spec.durationNs / 1e9)} s`;
  const outcome = await step(onProgress, { text, expectedNs: workload.trafficNs }, async (id) => {
    const onRate = (rate: { bitsPerSecond: number; packetsPerSecond: number }): void => {
      onProgress({ kind: 'rate', id, ...rate });
    };
    return await runWindow({
      machine,
      workload,
      spec: part.spec,
      edges,
      vmmCounters: source === null ? null : new VmmCounterProbe(source),
      trialFolder: options.trialFolder,
      part: part.name,
      keepsLog: part.keepsLog,
      server: part.server,
      onRate,
      phases,
    });
  });
  phases.add({ name: `${part.name} window`, ...outcome.window, isWindow: true } satisfies Phase);
  const reading = await phases.time(`${part.name} parse`, async () => await workload.parse(outcome.raw));
  return { outcome, reading };
}

function systemCalls(calls: CallReading, { outcome, reading }: Window): Omit<SystemCalls, 'mode' | 'sourceReason'> {
  const { source, lostEvents, threads } = calls;
  const work = { messages: reading.messages, bytes: reading.payloadBytes };
  return { source, lostEvents, threads, onlyCalls: null, window: outcome.window, ...work };
}

/** The counts of the measured window itself. @param failure why a tracer gave no better ones; null where none failed in this workload */
function inlineCalls(measured: Window, counters: CallCounters, failure: string | null): SystemCalls | null {
  const { calls } = measured.outcome.readings;
  if (calls === null) return null;
  const sourceReason = calls.source === 'bpftrace' ? null : counters.fallbackReason(failure);
  return { ...systemCalls(calls, measured), mode: 'inline', sourceReason };
}

/** A reading; null where there is only the reason why it can't be had. */
function had<T>(reading: T | TapbenchError): T | null {
  return reading instanceof TapbenchError ? null : reading;
}

function tracedWindow({ outcome, reading }: Window): TracedWindow {
  const { threads, link, vmmErrors } = outcome.readings;
  const { throughput, latency } = reading;
  const files = [...(outcome.commands.server?.files ?? []), ...outcome.commands.client.files];
  return { window: outcome.window, throughput, latency, threads, link, vmmErrors: had(vmmErrors), files };
}

/** init.sh writes /proc/stat, /proc/stat again and /proc/meminfo, with lines of `===` between them. */
function guestResources(text: string): GuestResources | TapbenchError {
  const [opening = '', closing = '', meminfo = ''] = text.split(/^===\n/m);
  try {
    return parseGuestResources({ stat: opening, meminfo: '' }, { stat: closing, meminfo });
  } catch (error) {
    if (error instanceof TapbenchError) return error;
    throw error;
  }
}

/** The same traffic before the measured window, kept out of every figure. False where the experiment asks for none. */
async function warmUp(options: MeasureOptions): Promise<boolean> {
  const { spec, warmupNs, server } = options;
  if (warmupNs === 0) return false;
  const name = `${spec.name}-warmup`;
  await oneWindow(options, { name, spec: { ...spec, durationNs: warmupNs }, counter: null, keepsLog: false, server });
  return true;
}

/** Measures while the script of a lab note traces, where that is asked for; what it printed is kept beside the window's other raw files. */
async function underLabNote(
  options: MeasureOptions,
  measured: (watched: readonly WatchedProcess[]) => Promise<Window>,
): Promise<Window> {
  await using tracer = await options.counters.labNote();
  if (tracer === null) return await measured([]);
  const window = await measured([{ name: 'bpftrace', part: 'tracer', pid: tracer.tracerPid }]);
  writeRawFile(join(options.trialFolder, options.spec.name, 'lab-note.txt'), await tracer.finish());
  return window;
}

/** Why parts of the measured window are absent; what was counted, perhaps in another window, is not looked at. */
function reasonsFor(
  { spec, driver }: MeasureOptions,
  { outcome, reading }: Window,
  resources: GuestResources | TapbenchError,
): Partial<Record<MeasuredPart, string>> {
  const reasons: Partial<Record<MeasuredPart, string>> = {};
  const { vmmCounters, readings } = outcome;
  if (reading.throughput === null) reasons.throughput = `${spec.kind} does not measure throughput`;
  if (reading.latency === null) reasons.latency = `${spec.kind} does not measure latency`;
  if (resources instanceof TapbenchError) reasons.guestResources = resources.message;
  if (vmmCounters === null) reasons.vmmCounters = `${driver.kind} has no counters of its own that can be read`;
  if (vmmCounters instanceof TapbenchError) reasons.vmmCounters = vmmCounters.message;
  if (readings.vmmErrors instanceof TapbenchError) reasons.vmmErrors = readings.vmmErrors.message;
  return reasons;
}

/** Runs one workload: the measured window and, where the trace is separate, the traced one after it. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { spec, counters } = options;
  const isWarm = await warmUp(options);
  const server = isWarm ? null : options.server;
  const measured = await underLabNote(
    options,
    async (watched) =>
      await oneWindow(options, { name: spec.name, spec, counter: counters.inline, keepsLog: true, server, watched }),
  );
  const traced = await separately(options);
  const { outcome, reading } = measured;
  const failure = traced?.failure ?? counters.inline?.failure ?? null;
  if (failure !== null)
    options.onProgress({ kind: 'note', text: `${spec.name}: only reads and writes are counted: ${failure}` });
  const calls = traced?.calls ?? inlineCalls(measured, counters, failure);
  const resources = guestResources(outcome.guestTexts);
  const kvmExits = kvmExitsOf(calls, traced === null ? (outcome.readings.calls?.kvm ?? null) : traced.kvm);
  const notMeasured = reasonsFor(options, measured, resources);
  if (calls === null) notMeasured.systemCalls = 'tracing is off';
  if (kvmExits === null) notMeasured.kvmExits = counters.noKvmReason(failure);
  const measurement: GatheredMeasurement = {
    workload: spec.name,
    spec,
    window: outcome.window,
    startedAt: outcome.startedAt,
    commands: outcome.commands,
    throughput: reading.throughput,
    latency: reading.latency,
    work: { roundTrips: reading.messages, payloadBytes: reading.payloadBytes },
    systemCalls: calls,
    kvmExits,
    threads: outcome.readings.threads,
    link: outcome.readings.link,
    hostCpu: outcome.readings.hostCpu,
    guestResources: had(resources),
    traced: traced?.window ?? null,
    consoleBytes: outcome.readings.consoleBytes,
    vmmCounters: had(outcome.vmmCounters),
    vmmErrors: had(outcome.readings.vmmErrors),
    notMeasured,
    noted: null,
  };
  const tracedCpuNs = traced?.toolCpuNs ?? 0;
  return {
    measurement,
    toolCpuNs: outcome.readings.toolCpuNs + tracedCpuNs,
    toolResidentBytes: outcome.readings.toolResidentBytes,
  };
}

/** What came of a traced window. */
interface Traced {
  /** null, as the counts are: its tracer failed, so it is the window of a VMM that was traced for an unknown part of it. */
  readonly window: TracedWindow | null;
  readonly calls: SystemCalls | null;
  readonly kvm: KvmReading | null;
  readonly failure: string | null;
  readonly toolCpuNs: number;
}

/** The traced window; null where the trace isn't separate, or can't be. */
async function separately(options: MeasureOptions): Promise<Traced | null> {
  const { spec, counters, configuration } = options;
  const started = await options.phases.time(`${spec.name} tracer attach`, async () => await counters.separate());
  if (started === null) return null;
  if ('failure' in started) return { window: null, calls: null, kvm: null, failure: started.failure, toolCpuNs: 0 };
  await using counter = started.counter;
  const window = await oneWindow(options, {
    name: `${spec.name}-traced`,
    spec: { ...spec, durationNs: configuration.trace.durationNs },
    counter,
    keepsLog: false,
    server: null,
  });
  const { calls, toolCpuNs } = window.outcome.readings;
  if (calls === null) return { window: null, calls: null, kvm: null, failure: counter.failure, toolCpuNs };
  return {
    window: tracedWindow(window),
    calls: { ...systemCalls(calls, window), mode: 'separate', sourceReason: null },
    kvm: calls.kvm,
    failure: null,
    toolCpuNs,
  };
}
