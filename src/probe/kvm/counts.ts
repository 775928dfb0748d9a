import { TapbenchError } from '../../record/error.ts';
import type { DeviceAccess, ExitCount, ThreadExits } from '../../record/probe-readings.ts';
import type { MapDump } from '../bpftrace-output.ts';
import { entries, type InnerNumber, tallies } from '../map-tallies.ts';
import { decodeCallKey } from '../system-calls/call-key.ts';
import { exitName, returnName } from './exit-name.ts';
import { kvmMapNames, mmioKeyShift } from './script.ts';

type AccessKind = DeviceAccess['kind'];

/** Accesses of one kind since the tracer came. */
interface AccessTallies {
  /** By address or port. */
  readonly byAddress: ReadonlyMap<number, number>;
  /** All of them, those that found no place in the map too. */
  readonly total: number;
}

/** What KVM's tracepoints counted since the tracer came. */
export interface KvmTallies {
  /** By encoded key: thread, instruction set, reason. */
  readonly exits: ReadonlyMap<bigint, number>;
  /** By encoded key: thread, error number, reason. */
  readonly returns: ReadonlyMap<bigint, number>;
  readonly accesses: Readonly<Record<AccessKind, AccessTallies>>;
}

/** Accesses to one address, or to one port. */
export interface AddressCount {
  readonly kind: AccessKind;
  /** MMIO: of the 32-bit word; null: one of those that found no place in the tracer's map. */
  readonly address: number | null;
  readonly count: number;
}

/** What KVM's tracepoints counted between two snapshots. */
export interface KvmCounts {
  /** Threads that left the guest, by tid. */
  readonly threads: readonly ThreadExits[];
  readonly accesses: readonly AddressCount[];
}

/** Entries that a map of bpftrace can hold: a few hundred calls of some dozen threads. bpftrace's own default is 4096. */
export const keyLimit = 16_384;

/** Maps that may be full: their totals tell what is missing. */
export const boundedMaps: ReadonlySet<string> = new Set([kvmMapNames.mmio, kvmMapNames.pio]);

function accessTallies(dump: MapDump, of: { map: string; total: string; keyBytes: number }): AccessTallies {
  const total = dump.get(of.total);
  const byAddress = new Map(
    entries(dump.get(of.map)).map(([key, count]) => [Number(key) * of.keyBytes, Number(count)] as const),
  );
  // Nothing is missing of a map that is not full: total and map are read a moment apart.
  const isFull = byAddress.size >= keyLimit;
  const inMap = [...byAddress.values()].reduce((sum, count) => sum + count, 0);
  return { byAddress, total: isFull && typeof total === 'number' ? Math.max(total, inMap) : inMap };
}

export function kvmTalliesOf(dump: MapDump, inner: InnerNumber): KvmTallies {
  const { exits, returns, mmio, mmioTotal, pio, pioTotal } = kvmMapNames;
  return {
    exits: tallies(dump, exits, inner),
    returns: tallies(dump, returns, inner),
    accesses: {
      mmio: accessTallies(dump, { map: mmio, total: mmioTotal, keyBytes: 2 ** mmioKeyShift }),
      pio: accessTallies(dump, { map: pio, total: pioTotal, keyBytes: 1 }),
    },
  };
}

/** Growth of each counter that grew. @throws TapbenchError `PROBE_FAILED` where one went back */
function growth<K>(what: string, opening: ReadonlyMap<K, number>, closing: ReadonlyMap<K, number>): [K, number][] {
  return [...closing].flatMap(([key, last]): [K, number][] => {
    const count = last - (opening.get(key) ?? 0);
    if (count < 0) throw new TapbenchError('PROBE_FAILED', `a counter of ${what} went back`);
    return count === 0 ? [] : [[key, count]];
  });
}

/** Counts by reason for each thread, the most frequent first; ties by name, so that the same counts always read the same. */
function byThread(
  counts: readonly [bigint, number][],
  nameOf: (id: number, reason: number) => string,
): Map<number, ExitCount[]> {
  const found = new Map<number, Map<string, number>>();
  for (const [code, count] of counts) {
    const { tid, id, request } = decodeCallKey(String(code));
    const reasons = found.get(tid) ?? new Map<string, number>();
    const name = nameOf(id, request);
    reasons.set(name, (reasons.get(name) ?? 0) + count);
    found.set(tid, reasons);
  }
  const sorted = (reasons: ReadonlyMap<string, number>): ExitCount[] =>
    [...reasons]
      .map(([reason, count]) => ({ reason, count }))
      .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
  return new Map([...found].map(([tid, reasons]) => [tid, sorted(reasons)]));
}

function accessesBetween(kind: AccessKind, opening: AccessTallies, closing: AccessTallies): AddressCount[] {
  const counted = growth(`accesses (${kind})`, opening.byAddress, closing.byAddress).map(([address, count]) => ({
    kind,
    address,
    count,
  }));
  const all = closing.total - opening.total;
  const elsewhere = all - counted.reduce((sum, { count }) => sum + count, 0);
  return elsewhere > 0 ? [...counted, { kind, address: null, count: elsewhere }] : counted;
}

/**
 * @param edges `names`: of every thread seen so far, by tid
 * @throws TapbenchError `PROBE_FAILED` where a counter went back
 */
export function kvmBetween(edges: {
  opening: KvmTallies;
  closing: KvmTallies;
  names: ReadonlyMap<number, string>;
}): KvmCounts {
  const { opening, closing, names } = edges;
  const exits = byThread(growth('exits from the guest', opening.exits, closing.exits), exitName);
  const returns = byThread(growth('returns of KVM_RUN', opening.returns, closing.returns), returnName);
  const tids = [...new Set([...exits.keys(), ...returns.keys()])].toSorted((a, b) => a - b);
  return {
    threads: tids.map((tid) => ({
      tid,
      name: names.get(tid) ?? '?',
      exits: exits.get(tid) ?? [],
      userspaceExits: returns.get(tid) ?? [],
    })),
    accesses: (['mmio', 'pio'] as const).flatMap((kind) =>
      accessesBetween(kind, opening.accesses[kind], closing.accesses[kind]),
    ),
  };
}
