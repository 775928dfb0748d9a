import type { DeviceAccess, ExitCount, KvmExits } from '../../record/probe-readings.ts';
import type { WorkloadGroup } from './figures.ts';

/** How often the guest left for one reason, or reached for one device, for a unit of work. */
export interface ExitRate {
  readonly name: string;
  readonly perUnit: number;
}

export interface ThreadExitRates {
  readonly thread: string;
  /** By the processor's reason, most frequent first. */
  readonly exits: readonly ExitRate[];
  /** Those of them that the VMM had to handle, by the reason that KVM gives it. */
  readonly userspaceExits: readonly ExitRate[];
}

export interface GroupExitRates {
  /** What the counts were divided by; `gigabyte` is 1e9 payload bytes. */
  readonly unit: 'round trip' | 'gigabyte';
  readonly threads: readonly ThreadExitRates[];
  readonly accesses: readonly ExitRate[];
}

function ratesOf(counts: readonly (readonly [name: string, count: number])[], units: number): ExitRate[] {
  const totals = new Map<string, number>();
  for (const [name, count] of counts) totals.set(name, (totals.get(name) ?? 0) + count);
  return [...totals]
    .map(([name, count]) => ({ name, perUnit: count / units }))
    .sort((a, b) => b.perUnit - a.perUnit || a.name.localeCompare(b.name, 'en'));
}

const reasonCount = ({ reason, count }: ExitCount) => [reason, count] as const;
const accessCount = ({ kind, device, count }: DeviceAccess) => [`${kind} ${device}`, count] as const;

function unitsOf(readings: readonly KvmExits[]): Pick<GroupExitRates, 'unit'> & { readonly count: number } {
  const total = (pick: (reading: KvmExits) => number | null) =>
    readings.reduce((sum, one) => sum + (pick(one) ?? 0), 0);
  const messages = total(({ messages: count }) => count);
  if (messages > 0) return { unit: 'round trip', count: messages };
  return { unit: 'gigabyte', count: total(({ bytes }) => bytes) / 1e9 };
}

/** Exits per round trip (or gigabyte) over the readings of several boots, threads of one name as one; null where nothing was counted. */
export function exitRatesOf(readings: readonly KvmExits[]): GroupExitRates | null {
  const { unit, count } = unitsOf(readings);
  if (count === 0) return null;
  const threads = Map.groupBy(
    readings.flatMap((reading) => reading.threads),
    (thread) => thread.name,
  );
  return {
    unit,
    threads: [...threads].map(([thread, members]) => ({
      thread,
      exits: ratesOf(
        members.flatMap((one) => one.exits.map(reasonCount)),
        count,
      ),
      userspaceExits: ratesOf(
        members.flatMap((one) => one.userspaceExits.map(reasonCount)),
        count,
      ),
    })),
    accesses: ratesOf(
      readings.flatMap((reading) => reading.accesses.map(accessCount)),
      count,
    ),
  };
}

/** The same over all boots of a workload. */
export function exitRates(group: WorkloadGroup): GroupExitRates | null {
  return exitRatesOf(group.measurements.flatMap(({ measurement }) => measurement.kvmExits ?? []));
}
