import { countsOf, type MachineCounts } from '../../derive/fingerprint.ts';
import type { Measurement } from '../../record/measurement.ts';
import type { CallKind, SystemCall, ThreadCalls, ThreadRole } from '../../record/probe-readings.ts';
import { isVoid, type WorkloadGroup } from './figures.ts';

/** How often one thread makes one call for a unit of work. */
export interface CallRate {
  /** `writev`, or `ioctl KVM_RUN`. */
  readonly call: string;
  readonly kind: CallKind;
  readonly perUnit: number;
}

export interface ThreadCallRates {
  readonly thread: string;
  /** null where the name says nothing. */
  readonly role: ThreadRole | null;
  /** Most frequent first. */
  readonly calls: readonly CallRate[];
}

export interface GroupCallRates {
  /** What the counts were divided by; `gigabyte` is 1e9 payload bytes; `trace`: nobody says what work was done, so that they are the counts themselves. */
  readonly unit: 'round trip' | 'gigabyte' | 'trace';
  readonly threads: readonly ThreadCallRates[];
}

/** The name of a thread, behind that of its machine where there are several; all together where a note has only their sum. */
export function threadName({ name, machine }: Pick<ThreadCalls, 'name' | 'machine'>): string {
  const own = name ?? 'all threads';
  return machine === undefined ? own : `${machine}: ${own}`;
}

/** The name of a call with its ioctl request. */
export function callName(call: Pick<SystemCall, 'name' | 'request'>): string {
  return call.request === null ? call.name : `${call.name} ${call.request}`;
}

function unitsOf(messages: number, bytes: number): { unit: GroupCallRates['unit']; count: number } {
  if (messages > 0) return { unit: 'round trip', count: messages };
  return bytes > 0 ? { unit: 'gigabyte', count: bytes / 1e9 } : { unit: 'trace', count: 1 };
}

/** The same, each thread with the machine that it is of; nothing where one machine was not counted. */
function readingsOf(measurement: Measurement): MachineCounts[] {
  if (measurement.systemCalls === null) return [];
  return countsOf(measurement).map((one) =>
    one.of === null ? one : { ...one, threads: one.threads.map((thread) => ({ machine: one.of ?? '', ...thread })) },
  );
}

function workOf(readings: readonly MachineCounts[]): ReturnType<typeof unitsOf> {
  const messages = readings.reduce((sum, reading) => sum + (reading.messages ?? 0), 0);
  const bytes = readings.reduce((sum, reading) => sum + (reading.bytes ?? 0), 0);
  return unitsOf(messages, bytes);
}

/** Calls per round trip (or gigabyte) over all usable boots together, threads of one name and role as one; null where nothing usable was counted. */
export function callRates(group: WorkloadGroup): GroupCallRates | null {
  const readings = group.measurements.flatMap(({ measurement }) =>
    isVoid(measurement, 'systemCalls') ? [] : readingsOf(measurement),
  );
  const units = workOf(readings);
  const byMachine = new Map([...Map.groupBy(readings, ({ of }) => of)].map(([of, own]) => [of, workOf(own)]));
  // Live counts always have their work: without it nothing was measured.
  if (units.unit === 'trace' && !readings.some(({ window }) => window === null)) return null;
  const threads = new Map<string, { thread: string; role: ThreadRole | null; calls: Map<string, CallRate> }>();
  for (const { of, thread } of readings.flatMap((one) => one.threads.map((thread) => ({ of: one.of, thread })))) {
    const own = byMachine.get(of);
    // The flows of a machine may have done nothing.
    if (own === undefined || own.unit !== units.unit) continue;
    const key = `${thread.role ?? ''} ${threadName(thread)}`;
    const entry = threads.get(key) ?? {
      thread: threadName(thread),
      role: thread.role,
      calls: new Map<string, CallRate>(),
    };
    threads.set(key, entry);
    for (const call of thread.calls) {
      const name = callName(call);
      const before = entry.calls.get(name)?.perUnit ?? 0;
      entry.calls.set(name, { call: name, kind: call.kind, perUnit: before + call.count / own.count });
    }
  }
  return {
    unit: units.unit,
    threads: [...threads.values()].map(({ thread, role, calls }) => ({
      thread,
      role,
      calls: [...calls.values()].sort((a, b) => b.perUnit - a.perUnit || a.call.localeCompare(b.call, 'en')),
    })),
  };
}
