import type { BootSpec } from '../../src/vmm/driver.ts';
import { sampleConfiguration } from './experiment.ts';

/** What a driver is given to boot one guest. */
export function sampleBootSpec(changes: Partial<BootSpec> = {}): BootSpec {
  return {
    configuration: sampleConfiguration(),
    accel: 'kvm',
    isPvm: false,
    tscKhz: 2_596_134,
    binary: '/usr/bin/vmm',
    version: '1.10.1',
    name: 'tapbench-1-a',
    kernel: { bzImage: '/image/bzImage', elf: '/image/vmlinux' },
    initrd: '/image/initramfs.cpio',
    disk: null,
    guestArguments: ['tapbench.address=192.168.100.2/24'],
    tap: { device: 'tap0', mac: '02:74:62:00:00:02' },
    userId: null,
    folder: '/trial',
    runtimeFolder: '/run/tapbench/vm-1',
    jailFolder: '/cache/jails/vm-1',
    ...changes,
  };
}
