import { describe, expect, it } from 'vitest';
import { isCloudHypervisorError } from './output.ts';

describe('the log of Cloud Hypervisor', () => {
  it.each([
    'cloud-hypervisor: 14.689821658s: <_net2_qp0> ERROR:net_util/src/queue_pair.rs:270 -- Failed to read tap: Os { code: 22 }',
    'cloud-hypervisor: 950.123456ms: <vmm> ERROR:virtio-devices/src/net.rs:667 -- Error programming tap offload',
    'cloud-hypervisor:   1.133731s: <_net0_qp0> ERROR:virtio-devices/src/epoll_helper.rs:1 -- Error in the worker',
  ])('has the error %j', (line) => {
    expect(isCloudHypervisorError(line, 'log')).toBe(true);
  });

  it.each([
    'cloud-hypervisor: 1.133731s: <vmm> WARN:net_util/src/tap.rs:1 -- Tap device already exists, <x> ERROR: none',
    'cloud-hypervisor: 1.133731s: <vcpu2> INFO:virtio-devices/src/transport/pci_device.rs:1222 -- Needs activation',
    'a second line of a message with ERROR: in it',
  ])('has no error in %j', (line) => {
    expect(isCloudHypervisorError(line, 'log')).toBe(false);
  });
});

describe('the stderr of Cloud Hypervisor', () => {
  it('is only for what went wrong', () => {
    expect(isCloudHypervisorError('Error booting VM: VmBoot(...)', 'stderr')).toBe(true);
  });
});
