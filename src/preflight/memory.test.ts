import { expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { driverOf } from '../vmm/drivers.ts';
import { memoryRefusal } from './memory.ts';

const mebibyte = 1024 ** 2;
const { vmm } = sampleConfiguration();
const overhead = driverOf(vmm.kind).overheadBytes / mebibyte;
const of = (topology: 'vm-to-host' | 'vm-to-vm' | 'host-to-host', pairs: number, memoryMiB: number) =>
  sampleConfiguration({ topology, pairs, vmm: { ...vmm, memoryBytes: memoryMiB * mebibyte } });
const room = (mebibytes: number) => ({ bytes: mebibytes * mebibyte, by: 'MemAvailable' });

it('guests that ask for more memory than there is are refused with the arithmetic', () => {
  const eight = 8 * (512 + overhead);
  expect(memoryRefusal(of('vm-to-host', 8, 512), room(eight))).toBeNull();
  expect(memoryRefusal(of('vm-to-host', 8, 512), room(eight - 1))).toBe(
    `qemu: 8 VMs of 512 MiB and ${String(overhead)} MiB for its VMM ask for ${String(eight)} MiB of memory, and ${String(eight - 1)} MiB are there (MemAvailable)`,
  );
  expect(memoryRefusal(of('vm-to-vm', 4, 512), room(eight - 1))).toContain('8 VMs of 512 MiB');
});

it('guests of two sizes are told apart', () => {
  const server = { ...vmm, memoryBytes: 1024 ** 3 };
  const mixed = sampleConfiguration({
    topology: 'vm-to-vm',
    pairs: 2,
    vmm: { ...vmm, memoryBytes: 512 * mebibyte, server },
  });
  const asked = 2 * (512 + overhead) + 2 * (1024 + overhead);
  expect(memoryRefusal(mixed, room(asked))).toBeNull();
  const vmmMemory = `and ${String(overhead)} MiB for its VMM`;
  expect(memoryRefusal(mixed, room(asked - 1))).toContain(
    `qemu: 2 VMs of 512 MiB ${vmmMemory}, 2 VMs of 1024 MiB ${vmmMemory} ask for ${String(asked)} MiB of memory`,
  );
});

it('a single guest is let try, and what boots nothing needs nothing', () => {
  expect(memoryRefusal(of('vm-to-host', 1, 8192), room(1024))).toBeNull();
  expect(memoryRefusal(of('host-to-host', 64, 8192), room(1024))).toBeNull();
  expect(memoryRefusal(of('vm-to-host', 64, 8192), null)).toBeNull();
});
