import type { KeyMistake, WrittenWorkload } from './workload.ts';
import { type WorkloadInFile, type WorkloadSpec, workloads } from './workloads.ts';

/** Each takes what is written of its own kind: that the two belong together is why nobody else reads this map. */
const byKind = new Map<string, WrittenWorkload<WorkloadInFile, WorkloadSpec>>(
  workloads.map(({ kind, inFile }) => [kind, inFile]),
);

function writtenAs({ kind }: WorkloadInFile): WrittenWorkload<WorkloadInFile, WorkloadSpec> {
  const found = byKind.get(kind);
  if (found === undefined) throw new RangeError(`no workload ${kind}`);
  return found;
}

/** A workload in the record's terms: base units, every default filled in. */
export function specOf(written: WorkloadInFile): WorkloadSpec {
  return writtenAs(written).spec(written);
}

/** What is wrong with values that are each right by themselves. */
export function mistakeOf(written: WorkloadInFile): KeyMistake | null {
  return writtenAs(written).mistake(written);
}

/** What each key of a workload is for, by its path: `workloads.iperf3.streams`. */
export const keyDescriptions: Readonly<Record<string, string>> = Object.fromEntries(
  workloads.flatMap(({ kind, inFile }) =>
    Object.entries(inFile.keys).map(([key, text]) => [`workloads.${kind}.${key}`, text]),
  ),
);
