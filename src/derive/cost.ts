import type { Cost, MachineCost, WholeMeasurement } from '../record/measurement.ts';
import type { CallKind, SystemCalls, ThreadCpu, ThreadExits } from '../record/probe-readings.ts';
import { flowsOfMachine, partOf } from './whole/part.ts';
import { type Work, workOfCalls, workOfExits, workOfWindow } from './work.ts';

const gigabyte = 1e9;
const secondNs = 1e9;

/** A figure, or the reason why there is none. */
type Figure = number | { readonly reason: string };
type CostFigures = Record<Exclude<keyof Cost, 'reasons'>, Figure>;

/** `amount / by`, or why not. */
function perWork(amount: Figure, by: number | null, reason: string): Figure {
  if (typeof amount !== 'number') return amount;
  if (by === null) return { reason };
  if (by <= 0) return { reason: 'no work was done in the window' };
  const figure = amount / by;
  return Number.isFinite(figure) ? figure : { reason: 'the figure is too large to be a number' };
}

function perRoundTrip(amount: Figure, work: Work): Figure {
  return perWork(amount, work.roundTrips, work.noRoundTrips);
}

function perGigabyte(amount: Figure, work: Work): Figure {
  return perWork(amount, work.bytes === null ? null : work.bytes / gigabyte, work.noBytes);
}

/** Names of the machines of a lab note whose VMMs' calls were counted apart, perhaps one after the other; empty where there is one. */
export function machinesOf({ systemCalls, noted }: WholeMeasurement): string[] {
  if (noted === null) return [];
  const names = systemCalls?.threads.map(({ machine }) => machine ?? '') ?? [];
  const machines = [...new Set(names)];
  return machines.length < 2 ? [] : machines.filter((name) => name !== '');
}

/** Why nothing of a window can be put to the account of one of its workloads; null where it had the window for itself. */
function sharedWith({ underLoad = [] }: WholeMeasurement): { readonly reason: string } | null {
  return underLoad.length === 0 ? null : { reason: `the window was shared with ${underLoad.join(', ')}` };
}

function callsOfKind(measurement: WholeMeasurement, kind: CallKind): Figure {
  const { systemCalls, notMeasured } = measurement;
  const others = sharedWith(measurement);
  if (others !== null) return others;
  if (systemCalls === null) return { reason: notMeasured.systemCalls ?? 'system calls were not measured' };
  if (systemCalls.isLowerBound === true) return { reason: 'the tracer could not count all calls' };
  const machines = machinesOf(measurement);
  if (machines.length > 0) return { reason: `the VMMs of ${machines.join(' and ')} were counted apart` };
  if (systemCalls.source === 'procfs-io' && kind !== 'work') {
    return { reason: '/proc/PID/task/TID/io counts only reads and writes' };
  }
  if (systemCalls.onlyCalls !== null && kind !== 'work') {
    return { reason: `only ${systemCalls.onlyCalls.join(', ')} were looked for` };
  }
  return countOfKind(systemCalls, kind);
}

function countOfKind(systemCalls: SystemCalls, kind: CallKind): number {
  const calls = systemCalls.threads.flatMap((thread) => thread.calls);
  return calls.filter((call) => call.kind === kind).reduce((sum, call) => sum + call.count, 0);
}

function exitsOf(measurement: WholeMeasurement, of: (thread: ThreadExits) => ThreadExits['exits']): Figure {
  const { kvmExits, notMeasured } = measurement;
  const others = sharedWith(measurement);
  if (others !== null) return others;
  if (kvmExits === null) return { reason: notMeasured.kvmExits ?? 'KVM exits were not measured' };
  return kvmExits.threads.flatMap(of).reduce((sum, exit) => sum + exit.count, 0);
}

function cpuOf(measurement: WholeMeasurement, counts: (thread: ThreadCpu) => boolean): Figure {
  const { threads, notMeasured } = measurement;
  const others = sharedWith(measurement);
  if (others !== null) return others;
  if (threads.length === 0) return { reason: notMeasured.threads ?? 'no thread of the VMM was read' };
  return threads.filter(counts).reduce((sum, thread) => sum + thread.runNs, 0);
}

/** Bits carried for each second of VMM CPU time: throughput over the cores that the VMM kept busy. */
function bitsPerCore(cpuNs: Figure, work: Work): Figure {
  if (typeof cpuNs !== 'number') return cpuNs;
  if (work.bytes === null) return { reason: work.noBytes };
  return cpuNs > 0 ? perWork(work.bytes * 8, cpuNs / secondNs, '') : { reason: 'the VMM used no CPU time' };
}

type ExitCost =
  | 'userspaceExitsPerRoundTrip'
  | 'userspaceExitsPerGigabyte'
  | 'kvmExitsPerRoundTrip'
  | 'kvmExitsPerGigabyte';

function exitFigures(measurement: WholeMeasurement): Pick<CostFigures, ExitCost> {
  const work = workOfExits(measurement);
  const toVmm = exitsOf(measurement, (thread) => thread.userspaceExits);
  const all = exitsOf(measurement, (thread) => thread.exits);
  return {
    userspaceExitsPerRoundTrip: perRoundTrip(toVmm, work),
    userspaceExitsPerGigabyte: perGigabyte(toVmm, work),
    kvmExitsPerRoundTrip: perRoundTrip(all, work),
    kvmExitsPerGigabyte: perGigabyte(all, work),
  };
}

function figures(measurement: WholeMeasurement): CostFigures {
  const calls = workOfCalls(measurement);
  const window = workOfWindow(measurement);
  const work = callsOfKind(measurement, 'work');
  const wait = callsOfKind(measurement, 'wait');
  const run = callsOfKind(measurement, 'run');
  const cpu = cpuOf(measurement, () => true);
  const outside = cpuOf(measurement, (thread) => thread.role !== 'vcpu');
  return {
    systemCallsPerRoundTrip: perRoundTrip(work, calls),
    systemCallsPerGigabyte: perGigabyte(work, calls),
    waitCallsPerRoundTrip: perRoundTrip(wait, calls),
    waitCallsPerGigabyte: perGigabyte(wait, calls),
    guestEntriesPerRoundTrip: perRoundTrip(run, calls),
    guestEntriesPerGigabyte: perGigabyte(run, calls),
    ...exitFigures(measurement),
    vmmCpuNsPerRoundTrip: perRoundTrip(cpu, window),
    vmmCpuNsPerGigabyte: perGigabyte(cpu, window),
    vmmCpuOutsideVcpuNsPerRoundTrip: perRoundTrip(outside, window),
    vmmCpuOutsideVcpuNsPerGigabyte: perGigabyte(outside, window),
    bitsPerSecondPerCore: bitsPerCore(cpu, window),
  };
}

/**
 * What the path costs, for each unit of work. System calls are divided by the work of the window in which they were counted (in
 * `separate` mode the traced one), CPU time by that of the measured window. Round trips are the unit of latency workloads, 1e9 payload bytes
 * that of throughput workloads; the other is null. Formulas: `docs/metrics.md`.
 */
export function costOf(measurement: WholeMeasurement): Cost {
  const all = figures(measurement);
  const valueOf = (figure: Figure) => (typeof figure === 'number' ? figure : null);
  const reasons = Object.entries<Figure>(all).flatMap(([name, figure]) =>
    typeof figure === 'number' ? [] : [[name, figure.reason] as const],
  );
  return {
    systemCallsPerRoundTrip: valueOf(all.systemCallsPerRoundTrip),
    systemCallsPerGigabyte: valueOf(all.systemCallsPerGigabyte),
    waitCallsPerRoundTrip: valueOf(all.waitCallsPerRoundTrip),
    waitCallsPerGigabyte: valueOf(all.waitCallsPerGigabyte),
    guestEntriesPerRoundTrip: valueOf(all.guestEntriesPerRoundTrip),
    guestEntriesPerGigabyte: valueOf(all.guestEntriesPerGigabyte),
    userspaceExitsPerRoundTrip: valueOf(all.userspaceExitsPerRoundTrip),
    userspaceExitsPerGigabyte: valueOf(all.userspaceExitsPerGigabyte),
    kvmExitsPerRoundTrip: valueOf(all.kvmExitsPerRoundTrip),
    kvmExitsPerGigabyte: valueOf(all.kvmExitsPerGigabyte),
    vmmCpuNsPerRoundTrip: valueOf(all.vmmCpuNsPerRoundTrip),
    vmmCpuNsPerGigabyte: valueOf(all.vmmCpuNsPerGigabyte),
    vmmCpuOutsideVcpuNsPerRoundTrip: valueOf(all.vmmCpuOutsideVcpuNsPerRoundTrip),
    vmmCpuOutsideVcpuNsPerGigabyte: valueOf(all.vmmCpuOutsideVcpuNsPerGigabyte),
    bitsPerSecondPerCore: valueOf(all.bitsPerSecondPerCore),
    reasons: Object.fromEntries(reasons),
  };
}

/** The same for each of several VMs: what its own VMM did, by the work of the flows that it is an end of. null where there is one VM. */
export function machineCostsOf(measurement: WholeMeasurement): MachineCost[] | null {
  const { flows = [], machines = [], noted } = measurement;
  if (noted !== null) return notedCosts(measurement);
  if (machines.length < 2) return null;
  return machines.map((machine) => {
    const own = { flows: flowsOfMachine(flows, machine.name), machines: [machine] };
    return { machine: machine.name, cost: costOf(partOf(measurement, own)) };
  });
}

/** In a lab note all machines share the one flow. */
function notedCosts(measurement: WholeMeasurement): MachineCost[] | null {
  const { systemCalls } = measurement;
  const machines = machinesOf(measurement);
  if (systemCalls === null || machines.length === 0) return null;
  return machines.map((machine) => {
    const threads = systemCalls.threads.filter((thread) => thread.machine === machine);
    return { machine, cost: costOf({ ...measurement, systemCalls: { ...systemCalls, threads } }) };
  });
}
