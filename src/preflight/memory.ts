import { machineFiles } from '../host/machine-files.ts';
import { memoryInfoBytes } from '../host/memory-facts.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import { machineCount } from '../record/topology.ts';

const mebibyte = 1024 ** 2;

function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / mebibyte))} MiB`;
}

function askedBytes(configuration: Configuration): number {
  return machineCount(configuration) * configuration.vmm.memoryBytes;
}

/**
 * Why the guests of one trial have no room here; null where they have. A single guest is let try: it takes its memory only as it uses it.
 * @param thereBytes MemAvailable of the host; null: not known
 */
export function memoryRefusal(configuration: Configuration, thereBytes: number | null): string | null {
  const count = machineCount(configuration);
  const asked = askedBytes(configuration);
  if (count < 2 || thereBytes === null || asked <= thereBytes) return null;
  const { memoryBytes } = configuration.vmm;
  return `${configuration.name}: ${String(count)} VMs of ${mebibytes(memoryBytes)} ask for ${mebibytes(asked)} of memory, and ${mebibytes(thereBytes)} are there`;
}

/** @throws TapbenchError `HOST_INCAPABLE` for the first configuration whose guests have no room at once */
export function demandMemory({ configurations }: Pick<Experiment, 'configurations'>): void {
  const there = memoryInfoBytes(machineFiles(), 'MemAvailable');
  for (const configuration of configurations) {
    const refusal = memoryRefusal(configuration, there);
    if (refusal === null) continue;
    throw new TapbenchError('HOST_INCAPABLE', refusal, { hint: 'fewer pairs, or a smaller vmm.memory' });
  }
}
