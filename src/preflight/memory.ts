import { machineFiles } from '../host/machine-files.ts';
import { type MemoryRoom, memoryRoom } from '../host/memory-room.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration, Experiment } from '../record/experiment.ts';
import { alikeVms, machineCount } from '../record/topology.ts';
import { driverOf } from '../vmm/drivers.ts';

const mebibyte = 1024 ** 2;

function mebibytes(bytes: number): string {
  return `${String(Math.floor(bytes / mebibyte))} MiB`;
}

/** The VMs of one kind, in words, and what they ask for. */
function asked(configuration: Configuration): { readonly words: string; readonly bytes: number }[] {
  return alikeVms(configuration).map(({ ends, configuration: { vmm, pairs } }) => {
    const count = ends.length * pairs;
    const { overheadBytes } = driverOf(vmm.kind);
    const overhead = overheadBytes === 0 ? '' : ` and ${mebibytes(overheadBytes)} for its VMM`;
    return {
      words: `${String(count)} VMs of ${mebibytes(vmm.memoryBytes)}${overhead}`,
      bytes: count * (vmm.memoryBytes + overheadBytes),
    };
  });
}

/**
 * Why the guests of one trial have no room here; null where they have. A single guest is let try: it takes its memory only as it uses it.
 * @param room null: not known
 */
export function memoryRefusal(configuration: Configuration, room: MemoryRoom | null): string | null {
  const all = asked(configuration);
  const bytes = all.reduce((sum, one) => sum + one.bytes, 0);
  if (machineCount(configuration) < 2 || room === null || bytes <= room.bytes) return null;
  const words = all.map((one) => one.words).join(', ');
  return `${configuration.name}: ${words} ask for ${mebibytes(bytes)} of memory, and ${mebibytes(room.bytes)} are there (${room.by})`;
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
