import { expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import { memoryRefusal } from './memory.ts';

const { vmm } = sampleConfiguration();
const of = (topology: 'vm-to-host' | 'vm-to-vm' | 'host-to-host', pairs: number, memoryMiB: number) =>
  sampleConfiguration({ topology, pairs, vmm: { ...vmm, memoryBytes: memoryMiB * 1024 ** 2 } });

it('guests that ask for more memory than there is are refused with the arithmetic', () => {
  const there = 4096 * 1024 ** 2;
  expect(memoryRefusal(of('vm-to-host', 8, 512), there)).toBeNull();
  expect(memoryRefusal(of('vm-to-host', 9, 512), there)).toBe(
    'qemu: 9 VMs of 512 MiB ask for 4608 MiB of memory, and 4096 MiB are there',
  );
  expect(memoryRefusal(of('vm-to-vm', 5, 512), there)).toContain('10 VMs of 512 MiB ask for 5120 MiB');
});

it('a single guest is let try, and what boots nothing needs nothing', () => {
  expect(memoryRefusal(of('vm-to-host', 1, 8192), 1024 ** 3)).toBeNull();
  expect(memoryRefusal(of('host-to-host', 64, 8192), 1024 ** 3)).toBeNull();
  expect(memoryRefusal(of('vm-to-host', 64, 8192), null)).toBeNull();
});
