import { TapbenchError } from '../../record/error.ts';
import type { SystemCall } from '../../record/probe-readings.ts';
import type { MapDump } from '../bpftrace-output.ts';
import { boundedMaps, type KvmCounts, type KvmTallies, kvmBetween } from '../kvm/counts.ts';
import { entries, type InnerNumber, tallies } from '../map-tallies.ts';
import { identifyCall } from './call-identity.ts';
import { type CallKey, decodeCallKey } from './call-key.ts';
import { mapNames } from './script.ts';

/** Counts of one call of one thread since the tracer came. */
export interface CallTally {
  readonly key: CallKey;
  readonly count: number;
  /** ns; null unless timing was asked for. */
  readonly timeNs: number | null;
}

export interface SystemCallSnapshot {
  /** CLOCK_MONOTONIC ns when the dump was complete. */
  readonly atNs: number;
  /** By encoded key. */
  readonly calls: ReadonlyMap<bigint, CallTally>;
  /** Every thread seen so far, ended ones too. */
  readonly names: ReadonlyMap<number, string>;
  /** The process of each of them. */
  readonly owners: ReadonlyMap<number, number>;
  /** Calls that were not counted since the tracer came; null where the source cannot know. */
  readonly lostEvents: number | null;
  /** Absent where KVM isn't counted. */
  readonly kvm?: KvmTallies;
}

export interface CountedThread {
  readonly tid: number;
  /** `?` for a thread that came and went unseen. */
  readonly name: string;
  /** Most frequent first. */
  readonly calls: readonly SystemCall[];
}

/** System calls between two snapshots, whoever counted them. */
export interface SystemCallCounts {
  readonly source: 'bpftrace' | 'procfs-io';
  readonly elapsedNs: number;
  readonly lostEvents: number | null;
  /** Threads that called anything, by tid. */
  readonly threads: readonly CountedThread[];
  /** Thread to process. */
  readonly owners: ReadonlyMap<number, number>;
  /** null where KVM isn't counted. */
  readonly kvm: KvmCounts | null;
}

/** Entries that the largest map of a dump holds, of those that may not be full: at the limit of the map, calls are lost without a word. */
export function fullestMap(dump: MapDump): number {
  const sizes = [...dump].map(([name, value]) => (boundedMaps.has(name) ? 0 : entries(value).length));
  return Math.max(0, ...sizes);
}

export function talliesOf(dump: MapDump, of: { isTimed: boolean; inner: InnerNumber }): ReadonlyMap<bigint, CallTally> {
  const counts = tallies(dump, mapNames.count, of.inner);
  const times = tallies(dump, mapNames.time, of.inner);
  return new Map(
    [...counts].map(([code, count]) => [
      code,
      { key: decodeCallKey(String(code)), count, timeNs: of.isTimed ? (times.get(code) ?? 0) : null },
    ]),
  );
}

/** Names of the threads that ended under the tracer, by tid. */
export function endedNames(dump: MapDump, inner: InnerNumber): ReadonlyMap<number, string> {
  return new Map(entries(dump.get(mapNames.ended)).map(([tid, name]) => [inner(Number(tid)), String(name)]));
}

/** Their processes, by tid; empty where there is one. */
export function endedOwners(dump: MapDump, inner: InnerNumber): ReadonlyMap<number, number> {
  return new Map(entries(dump.get(mapNames.owner)).map(([tid, pid]) => [inner(Number(tid)), inner(Number(pid))]));
}

/** @throws TapbenchError `PROBE_FAILED` where a counter went back */
export function countsBetween(
  opening: SystemCallSnapshot,
  closing: SystemCallSnapshot,
  source: SystemCallCounts['source'],
): SystemCallCounts {
  const byThread = new Map<number, SystemCall[]>();
  for (const [code, last] of closing.calls) {
    const call = callBetween(opening.calls.get(code), last);
    if (call.count === 0) continue;
    const calls = byThread.get(last.key.tid) ?? [];
    calls.push(call);
    byThread.set(last.key.tid, calls);
  }
  const threads = [...byThread].map(([tid, calls]) => ({
    tid,
    name: closing.names.get(tid) ?? '?',
    calls: calls.toSorted(mostFrequentFirst),
  }));
  return {
    source,
    elapsedNs: closing.atNs - opening.atNs,
    lostEvents: closing.lostEvents === null ? null : closing.lostEvents - (opening.lostEvents ?? 0),
    threads: threads.toSorted((a, b) => a.tid - b.tid),
    owners: closing.owners,
    kvm:
      opening.kvm === undefined || closing.kvm === undefined
        ? null
        : kvmBetween({ opening: opening.kvm, closing: closing.kvm, names: closing.names }),
  };
}

/** Ties by name, so that the same counts always read the same. */
function mostFrequentFirst(a: SystemCall, b: SystemCall): number {
  const label = (call: SystemCall): string => `${call.name} ${call.request ?? ''}`;
  return b.count - a.count || (label(a) < label(b) ? -1 : 1);
}

function callBetween(first: CallTally | undefined, last: CallTally): SystemCall {
  const count = last.count - (first?.count ?? 0);
  const timeNs = last.timeNs === null ? null : last.timeNs - (first?.timeNs ?? 0);
  const identity = identifyCall(last.key.id, last.key.request);
  if (count < 0 || (timeNs !== null && timeNs < 0)) {
    throw new TapbenchError(
      'PROBE_FAILED',
      `the counter of ${identity.name} of thread ${String(last.key.tid)} went back`,
    );
  }
  return { ...identity, count, timeNs };
}
