import type { KvmCounts } from '../probe/kvm/counts.ts';
import { accessesByDevice } from '../probe/kvm/device-at.ts';
import { platformRegions } from '../probe/kvm/platform-region-table.ts';
import { type KvmTracepoints, kvmEventFormats, kvmTracepoints } from '../probe/kvm/tracepoints.ts';
import type { AddressRegion } from '../record/address-region.ts';
import type { KvmExits, SystemCalls } from '../record/probe-readings.ts';

/** What KVM's tracepoints counted over a window. */
export type KvmReading = Pick<KvmExits, 'threads' | 'accesses'>;

/** Names what the guest touched. @param regions of the VMM's own machine; they come before those of every PC */
export function kvmReading(counts: KvmCounts, regions: readonly AddressRegion[]): KvmReading {
  return {
    threads: [...counts.threads],
    accesses: accessesByDevice(counts.accesses, [...regions, ...platformRegions]),
  };
}

export const emulatedReason = 'the guest was emulated: there are no KVM exits';

/** Whether there is anything to count, and with what. @param accels of the VMMs */
export async function countableKvm(accels: readonly ('kvm' | 'tcg')[]): Promise<KvmTracepoints> {
  return accels.includes('kvm') ? kvmTracepoints(await kvmEventFormats()) : { isUsable: false, reason: emulatedReason };
}

/** The exits of the window in which the system calls were counted, by the same tracer; null where it counted none. */
export function kvmExitsOf(calls: SystemCalls | null, reading: KvmReading | null): KvmExits | null {
  if (calls === null || reading === null || calls.mode === null || calls.window === null) return null;
  const { mode, window, messages, bytes } = calls;
  return { mode, window, messages, bytes, ...reading };
}
