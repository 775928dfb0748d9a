import type { CpuTimes, HostCpu } from '../record/probe-readings.ts';
import { shareOf, sum } from './quantity.ts';

/** Time of all kinds, ns: the capacity of the CPUs over the window. */
export function capacityNs(times: CpuTimes): number {
  return sum(Object.values(times));
}

/** Share of the capacity that nothing used. */
export function idleShare(times: CpuTimes): number {
  return shareOf(times.idleNs + times.iowaitNs, capacityNs(times));
}

/**
 * Share of the capacity that ran something that isn't the experiment's. Interrupts are left out on both sides: nearly all of them are the
 * measured packets, and the kernel charges them to nobody. null where it isn't known what was ours.
 */
export function foreignShare({ total, ours }: HostCpu): number | null {
  if (ours.length === 0) return null;
  const oursNs = sum(ours.map((one) => one.runNs));
  return shareOf(Math.max(0, total.userNs + total.niceNs + total.systemNs - oursNs), capacityNs(total));
}
