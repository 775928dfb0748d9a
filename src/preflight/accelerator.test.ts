import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import type { Configuration, VmmOptions } from '../record/experiment.ts';
import { firecracker } from '../vmm/firecracker/firecracker.ts';
import { isStock } from './accelerator.ts';

function configured(options: VmmOptions, guest: Partial<Configuration['guest']> = {}): Configuration {
  const sample = sampleConfiguration();
  return { ...sample, vmm: { ...sample.vmm, options }, guest: { ...sample.guest, ...guest } };
}

describe('what a boot that fails says of KVM itself', () => {
  const plain = { pci: false, jailer: false };

  it('is something where the VMM was as it is by itself', () => {
    expect(isStock(configured(plain), firecracker)).toBe(true);
  });

  it("is something of the user's own kernel, as the verdict is of that kernel", () => {
    expect(isStock(configured(plain, { kernel: '/own/vmlinux' }), firecracker)).toBe(true);
  });

  it("is nothing where an option or the user's own initramfs may be why", () => {
    expect(isStock(configured({ ...plain, jailer: true }), firecracker)).toBe(false);
    for (const guest of [{ initrd: '/own/initrd' }, { kernelArguments: 'mem=1M' }])
      expect(isStock(configured(plain, guest), firecracker)).toBe(false);
  });
});
