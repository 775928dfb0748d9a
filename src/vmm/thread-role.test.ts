import { describe, expect, it } from 'vitest';
import { driverOf } from './drivers.ts';
import { roleOfThread, vmmOfThread } from './thread-role.ts';

describe('the role of a thread', () => {
  it("is the VMM's for its first thread, whatever it is called, and a worker's for a name that nobody knows", () => {
    const qemu = driverOf('qemu');
    expect(roleOfThread(qemu, { name: 'my-qemu', isMain: true })).toBe('vmm');
    expect(roleOfThread(qemu, { name: 'CPU 3/KVM', isMain: false })).toBe('vcpu');
    expect(roleOfThread(qemu, { name: 'pool-3', isMain: false })).toBe('worker');
  });
});

describe('a name of a thread without its process', () => {
  it('tells the VMM where only one has such a thread', () => {
    expect(vmmOfThread('CPU 0/TCG')).toEqual({ vmm: 'qemu', role: 'vcpu' });
    expect(vmmOfThread('vhost-77')).toBeNull();
    expect(vmmOfThread('iperf3')).toBeNull();
  });
});
