import type { TopologyName } from './experiment.ts';
import {
  type Flow,
  flowPart,
  type GatheredMeasurement,
  type MachineReading,
  machinePart,
  type TracedReadings,
  type WholeMeasurement,
  windowPart,
} from './measurement.ts';
import type { MachineSystemCalls } from './probe-readings.ts';
import type { GatheredTrial, MachineFacts, WholeTrial } from './trial.ts';
import { withoutMachine } from './without-machine.ts';

/** What a flow and a machine are called where there is one of each. */
export const onlyFlow = 'flow1';
export const onlyMachine = 'vm1';

/** Threads of which a lab note does not say whose they are, where it says it of others. */
const unknownMachine = 'unknown';

type Ends = Pick<Flow, 'client' | 'server'>;
type Reasons = WholeMeasurement['notMeasured'];

/** The two ends of the only flow. Of a lab note between others than host and VM they are not known by name. */
function endsOf(topology: TopologyName | null): Ends {
  if (topology === 'vm-to-host') return { client: onlyMachine, server: 'host' };
  if (topology === 'host-to-vm') return { client: 'host', server: onlyMachine };
  return { client: null, server: null };
}

function reasonsOf<Part extends keyof Reasons>(reasons: Reasons, parts: readonly Part[]): Partial<Pick<Reasons, Part>> {
  const own: Partial<Pick<Reasons, Part>> = {};
  for (const part of parts) if (reasons[part] !== undefined) own[part] = reasons[part];
  return own;
}

/** Lab notes may have threads of several VMMs in one list: each machine's own system calls. */
function callsByMachine({ systemCalls }: WholeMeasurement): [name: string, calls: MachineSystemCalls | null][] {
  if (systemCalls === null || systemCalls.threads.length === 0) return [[onlyMachine, systemCalls]];
  const byMachine = Map.groupBy(systemCalls.threads, ({ machine }) => machine ?? unknownMachine);
  return [...byMachine].map(([machine, own]) => [
    byMachine.size === 1 ? onlyMachine : machine,
    { ...systemCalls, threads: own.map(withoutMachine) },
  ]);
}

const nothingRead = {
  kvmExits: null,
  vmmCounters: null,
  vmmErrors: null,
  threads: [],
  link: null,
  guestResources: null,
  consoleBytes: null,
};

/** Nobody says of which of several VMMs the other readings are: they stand with the first. */
function machinesOf(whole: WholeMeasurement): MachineReading[] {
  const [[name, systemCalls] = [onlyMachine, null], ...others] = callsByMachine(whole);
  const { kvmExits } = whole;
  const notMeasured = reasonsOf(whole.notMeasured, machinePart.options);
  const first = {
    name,
    systemCalls,
    kvmExits: kvmExits && { ...kvmExits, threads: kvmExits.threads.map(withoutMachine) },
    vmmCounters: whole.vmmCounters,
    vmmErrors: whole.vmmErrors,
    ...(whole.vmmMemory === undefined ? {} : { vmmMemory: whole.vmmMemory }),
    threads: whole.threads.map(withoutMachine),
    link: whole.link,
    guestResources: whole.guestResources,
    consoleBytes: whole.consoleBytes,
    notMeasured,
  };
  return [
    first,
    ...others.map(([machine, calls]) => ({ ...nothingRead, name: machine, systemCalls: calls, notMeasured })),
  ];
}

function flowOf(whole: WholeMeasurement, ends: Ends): Flow {
  const { commands, throughput, latency, work, notMeasured } = whole;
  return {
    name: onlyFlow,
    ...ends,
    commands,
    throughput,
    latency,
    work,
    failure: null,
    notMeasured: reasonsOf(notMeasured, flowPart.options),
  };
}

function tracedOf({ traced, systemCalls }: WholeMeasurement, machine: string): TracedReadings | null {
  if (traced === null) return null;
  const { window, throughput, latency, files, threads, link, vmmErrors } = traced;
  const { messages = null, bytes = null } = systemCalls?.mode === 'separate' ? systemCalls : {};
  const work = { roundTrips: messages, payloadBytes: bytes };
  return {
    window,
    flows: traced.flows ?? [{ name: onlyFlow, throughput, latency, work, files }],
    machines: traced.machines ?? [{ name: machine, threads: threads.map(withoutMachine), link, vmmErrors }],
  };
}

function measurementOf(whole: WholeMeasurement, topology: TopologyName | null): GatheredMeasurement {
  const machines = whole.machines ?? machinesOf(whole);
  return {
    workload: whole.workload,
    spec: whole.spec,
    window: whole.window,
    startedAt: whole.startedAt,
    flows: whole.flows ?? [flowOf(whole, endsOf(topology))],
    machines,
    hostCpu: whole.hostCpu,
    startSkewNs: whole.startSkewNs ?? null,
    underLoad: whole.underLoad ?? [],
    traced: tracedOf(whole, machines[0]?.name ?? onlyMachine),
    notMeasured: reasonsOf(whole.notMeasured, windowPart.options),
    noted: whole.noted,
  };
}

function machineFactsOf(
  { vmm, guest, path, bootTime }: WholeTrial,
  measurements: readonly GatheredMeasurement[],
): MachineFacts[] {
  const names = measurements.flatMap(({ machines }) => machines.map(({ name }) => name));
  const known = names.length === 0 ? [onlyMachine] : [...new Set(names)];
  return known.map((name) => ({ name, vmm, guest, path, ...(bootTime === undefined ? {} : { bootTime }) }));
}

/** A trial by its flows and machines, as it is stored: of a whole one that does not list them, one of each (of a lab note, a machine for each that its threads name). */
export function gatheredOf(whole: WholeTrial): GatheredTrial {
  const measurements = whole.measurements.map((one) => measurementOf(one, whole.configuration.topology));
  return {
    schemaVersion: whole.schemaVersion,
    trialId: whole.trialId,
    runId: whole.runId,
    configuration: whole.configuration,
    block: whole.block,
    boot: whole.boot,
    attempt: whole.attempt,
    repeats: whole.repeats,
    startedAt: whole.startedAt,
    endedAt: whole.endedAt,
    machines: whole.machines ?? machineFactsOf(whole, measurements),
    preparation: whole.preparation,
    failure: whole.failure,
    phases: whole.phases,
    status: whole.status,
    measurements,
    toolCpuInWindowsNs: whole.toolCpuInWindowsNs,
    toolResidentBytes: whole.toolResidentBytes,
    notSaid: whole.notSaid,
  };
}
