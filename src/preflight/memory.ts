import { machineFiles } from '../host/machine-files.ts';
import { type MemoryRoom, memoryRoom } from '../host/memory-room.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import { machineCount } from '../record/topology.ts';
import { driverOf } from '../vmm/drivers.ts';

const mebibyte = 1024 ** 2;

function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / mebibyte))} MiB`;
}

/**
 * Why the guests of one trial have no room here; null where they have. A single guest is let try: it takes its memory only as it uses it.
 * @param room null: not known
 */
export function memoryRefusal(configuration: Configuration, room: MemoryRoom | null): string | null {
  const count = machineCount(configuration);
  if (count < 2 || room === null) return null;
  const { kind, memoryBytes } = configuration.vmm;
  const { overheadBytes } = driverOf(kind);
  const asked = count * (memoryBytes + overheadBytes);
  if (asked <= room.bytes) return null;
  const vmm = overheadBytes === 0 ? '' : ` and ${mebibytes(overheadBytes)} for its VMM`;
  const each = mebibytes(memoryBytes) + vmm;
  return `${configuration.name}: ${String(count)} VMs of ${each} ask for ${mebibytes(asked)} of memory, and ${mebibytes(room.bytes)} are there (${room.by})`;
}

/** @throws TapbenchError `HOST_INCAPABLE` for the first configuration whose guests have no room at once */
export function demandMemory({ configurations }: Pick<Experiment, 'configurations'>): void {
  const room = memoryRoom(machineFiles());
  for (const configuration of configurations) {
    const refusal = memoryRefusal(configuration, room);
    if (refusal === null) continue;
    throw new TapbenchError('HOST_INCAPABLE', refusal, { hint: 'fewer pairs, or a smaller vmm.memory' });
  }
}
