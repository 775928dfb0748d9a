import { VmmCounterProbe } from '../probe/vmm-counters.ts';
import { refusalOf, TapbenchError } from '../record/error.ts';
import type { VmmCounters } from '../record/probe-readings.ts';
import type { Machine } from '../world/boot.ts';

/** What a VMM itself counted; null where it has no such counters; why not, where it did not answer. */
export type CountedByVmm = VmmCounters | TapbenchError | null;

/** The VMM is asked now and when the result is called, before the guests are armed and after the closing edge: nothing but ARP crosses the card between these and the window. */
async function countedByOne({ command }: Machine): Promise<() => Promise<CountedByVmm>> {
  if (command.counters === null) return async () => await Promise.resolve(null);
  const probe = new VmmCounterProbe(command.counters);
  const before = await probe.snapshot().catch(refusalOf);
  return async () => {
    if (before instanceof TapbenchError) return before;
    const after = await probe.snapshot().catch(refusalOf);
    return after instanceof TapbenchError ? after : probe.difference(before, after);
  };
}

/** Of each machine, in their order. */
export async function countedByVmms(machines: readonly Machine[]): Promise<() => Promise<readonly CountedByVmm[]>> {
  const ends = await Promise.all(machines.map(countedByOne));
  return async () => await Promise.all(ends.map(async (end) => await end()));
}
