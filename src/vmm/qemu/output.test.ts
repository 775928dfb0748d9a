import { describe, expect, it } from 'vitest';
import { isQemuError } from './output.ts';

describe('the stderr of QEMU', () => {
  it.each([
    'qemu-system-x86_64: virtio-net header not in first element',
    'qemu-system-x86_64: -netdev tap,id=net0: could not configure /dev/net/tun (tap0): Device or resource busy',
    'qemu-system-x86_64: ../hw/virtio/virtio.c:123: virtqueue_fill: Assertion `!vdev->broken` failed.',
    'error: kvm run failed Bad address',
    'qemu-system-x86_64: warned about nothing: a queue is broken',
  ])('has the error %j', (line) => {
    expect(isQemuError(line)).toBe(true);
  });

  it.each([
    "qemu-system-x86_64: warning: host doesn't support requested feature: CPUID.01H:ECX.svm [bit 2]",
    'qemu-system-x86_64: info: a guest was reset',
    'qemu-system-x86_64: -device virtio-net-device,mac=02:74:62:00:00:02: warning: a property is deprecated',
    'kvm: warning: a device is slow',
  ])('has no error in %j', (line) => {
    expect(isQemuError(line)).toBe(false);
  });
});
