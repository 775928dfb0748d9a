import type { GatheredMeasurement, MachineReading, TracedMachine, WholeMeasurement } from '../../record/measurement.ts';
import {
  type KvmExits,
  type SystemCalls,
  type ThreadCpu,
  type VmmErrors,
  type VmmMemory,
  vmmErrorLimits,
} from '../../record/probe-readings.ts';
import { everyPart, type Whole, whyAbsent } from './absence.ts';
import { workOf } from './all-flows.ts';
import { eachOf, sumOf } from './sum.ts';

type OfMachines = Pick<
  WholeMeasurement,
  | 'systemCalls'
  | 'kvmExits'
  | 'vmmCounters'
  | 'vmmErrors'
  | 'vmmMemory'
  | 'threads'
  | 'link'
  | 'guestResources'
  | 'consoleBytes'
  | 'notMeasured'
>;

const noMachine = 'no VM';
const eachItsOwn = 'each VM has its own';

/** Threads of all VMMs, each with its machine where there are several. */
export function allThreads(machines: readonly Pick<MachineReading, 'name' | 'threads'>[]): ThreadCpu[] {
  const [only] = machines;
  if (only !== undefined && machines.length === 1) return only.threads;
  // A sum without one VMM would pass for that of all.
  if (machines.some(({ threads }) => threads.length === 0)) return [];
  return machines.flatMap(({ name, threads }) => ofMachine(name, threads));
}

export function onlyLink(machines: readonly Pick<TracedMachine, 'link'>[]): TracedMachine['link'] {
  return machines.length === 1 ? (machines[0]?.link ?? null) : null;
}

/** What all VMMs said went wrong. */
export function vmmErrorsOf(machines: readonly Pick<MachineReading, 'vmmErrors'>[]): VmmErrors | null {
  const all = eachOf(machines, ({ vmmErrors }) => vmmErrors);
  if (all === null || all.length === 0) return null;
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    lines: all.flatMap(({ lines }) => lines).slice(0, vmmErrorLimits.lines),
  };
}

/** Memory of one VMM: the mean of all. Where a version did not look, no machine has it. */
function memoryOf(machines: readonly MachineReading[]): Pick<OfMachines, 'vmmMemory' | 'notMeasured'> {
  if (!machines.some(({ vmmMemory }) => vmmMemory !== undefined)) return { notMeasured: {} };
  const all = everyPart(machines, 'vmmMemory', ({ vmmMemory }) => vmmMemory ?? null);
  if (all.whole === null) return { vmmMemory: null, notMeasured: { vmmMemory: all.why ?? noMachine } };
  const mean = (of: (memory: VmmMemory) => number): number =>
    all.whole.reduce((sum, memory) => sum + of(memory), 0) / all.whole.length;
  return {
    vmmMemory: {
      residentBytes: mean(({ residentBytes }) => residentBytes),
      proportionalBytes: mean(({ proportionalBytes }) => proportionalBytes),
      swapBytes: mean(({ swapBytes }) => swapBytes),
    },
    notMeasured: {},
  };
}

type Counted = Pick<SystemCalls, 'mode' | 'messages' | 'bytes'>;

/** The work of all flows in the window in which something was counted. */
function workOfCounted(
  { flows, traced, underLoad }: GatheredMeasurement,
  first: Counted,
): Pick<Counted, 'messages' | 'bytes'> {
  // The only flow is that of every machine; in a shared window no machine has work that is of one workload.
  if (flows.length === 1 || underLoad.length > 0) return { messages: first.messages, bytes: first.bytes };
  const counted = first.mode === 'separate' ? traced?.flows : flows;
  if (counted === undefined) return { messages: null, bytes: null };
  const { roundTrips, payloadBytes } = workOf(counted);
  return { messages: roundTrips, bytes: payloadBytes };
}

/** One tracer counts all VMMs: what it lost is not of one of them. */
function lostEvents(all: readonly SystemCalls[]): number | null {
  const lost = eachOf(all, (one) => one.lostEvents);
  return lost === null ? null : Math.max(...lost);
}

function ofMachine<T extends object>(name: string, threads: readonly T[]): (T & { machine: string })[] {
  return threads.map((thread) => ({ machine: name, ...thread }));
}

function allCalls(gathered: GatheredMeasurement): Whole<SystemCalls> {
  const read = everyPart(
    gathered.machines,
    'systemCalls',
    ({ name, systemCalls }) => systemCalls && { ...systemCalls, threads: ofMachine(name, systemCalls.threads) },
  );
  if (read.whole === null) return read;
  const [first] = read.whole;
  if (first === undefined) return { whole: null, why: null };
  return {
    whole: {
      ...first,
      ...workOfCounted(gathered, first),
      lostEvents: lostEvents(read.whole),
      ...(read.whole.some(({ isLowerBound }) => isLowerBound) ? { isLowerBound: true } : {}),
      threads: read.whole.flatMap(({ threads }) => threads),
    },
  };
}

function allExits(gathered: GatheredMeasurement): Whole<KvmExits> {
  const read = everyPart(
    gathered.machines,
    'kvmExits',
    ({ name, kvmExits }) => kvmExits && { ...kvmExits, threads: ofMachine(name, kvmExits.threads) },
  );
  if (read.whole === null) return read;
  const [first] = read.whole;
  if (first === undefined) return { whole: null, why: null };
  return {
    whole: {
      ...first,
      ...workOfCounted(gathered, first),
      threads: read.whole.flatMap(({ threads }) => threads),
      accesses: allAccesses(read.whole.flatMap(({ accesses }) => accesses)),
    },
  };
}

function allAccesses(all: readonly KvmExits['accesses'][number][]): KvmExits['accesses'] {
  const byDevice = Map.groupBy(all, ({ kind, device }) => `${kind} ${device}`);
  return [...byDevice.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, count: others.reduce((sum, { count }) => sum + count, first.count) }],
  );
}

function readingsOf(machine: MachineReading): OfMachines {
  return {
    systemCalls: machine.systemCalls,
    kvmExits: machine.kvmExits,
    vmmCounters: machine.vmmCounters,
    vmmErrors: machine.vmmErrors,
    ...(machine.vmmMemory === undefined ? {} : { vmmMemory: machine.vmmMemory }),
    threads: machine.threads,
    link: machine.link,
    guestResources: machine.guestResources,
    consoleBytes: machine.consoleBytes,
    notMeasured: machine.notMeasured,
  };
}

/** What was read of the only machine, of all together, or why there is nothing. */
export function allMachines(gathered: GatheredMeasurement): OfMachines {
  const { machines } = gathered;
  const [only] = machines;
  if (only !== undefined && machines.length === 1) {
    return readingsOf(only);
  }
  const calls = allCalls(gathered);
  // A lab note tells only the system calls of its VMs apart.
  if (only !== undefined && gathered.noted !== null) {
    return { ...readingsOf(only), systemCalls: calls.whole };
  }
  const exits = allExits(gathered);
  const threads = allThreads(machines);
  const vmmErrors = vmmErrorsOf(machines);
  const memory = memoryOf(machines);
  const own = machines.length === 0 ? noMachine : eachItsOwn;
  const why = (part: string, lacking: readonly MachineReading[]): string => whyAbsent(lacking, part) ?? noMachine;
  return {
    systemCalls: calls.whole,
    kvmExits: exits.whole,
    vmmCounters: null,
    vmmErrors,
    ...(memory.vmmMemory === undefined ? {} : { vmmMemory: memory.vmmMemory }),
    threads,
    link: null,
    guestResources: null,
    consoleBytes: machines.length === 0 ? null : sumOf(machines, ({ consoleBytes }) => consoleBytes),
    notMeasured: {
      ...memory.notMeasured,
      ...(calls.whole === null ? { systemCalls: calls.why ?? noMachine } : {}),
      link: own,
      guestResources: own,
      ...(threads.length === 0
        ? {
            threads: why(
              'threads',
              machines.filter((one) => one.threads.length === 0),
            ),
          }
        : {}),
      ...(exits.whole === null ? { kvmExits: exits.why ?? noMachine } : {}),
      vmmCounters: own,
      ...(vmmErrors === null
        ? {
            vmmErrors: why(
              'vmmErrors',
              machines.filter((one) => one.vmmErrors === null),
            ),
          }
        : {}),
    },
  };
}
