import { describe, expect, it } from 'vitest';
import { sampleConfiguration } from '../../test/sample/experiment.ts';
import type { OffloadSpec } from '../record/experiment.ts';
import type { BootSpec } from './driver.ts';
import { qemu } from './qemu.ts';

function spec(changes: Partial<BootSpec> = {}): BootSpec {
  return {
    configuration: sampleConfiguration(),
    accel: 'tcg',
    tscKhz: 2_596_134,
    binary: '/usr/bin/qemu-system-x86_64',
    name: 'tapbench-1-a',
    kernel: { bzImage: '/image/bzImage', elf: '/image/vmlinux' },
    initrd: '/image/initramfs.cpio',
    guestArguments: ['tapbench.address=192.168.100.2/24'],
    tap: { device: 'tap0', mac: '02:74:62:00:00:02' },
    folder: '/trial',
    ...changes,
  };
}

/** What follows a flag. */
function after(flag: string, changes: Partial<BootSpec> = {}): string {
  const { argv } = qemu.command(spec(changes));
  return argv[argv.indexOf(flag) + 1] ?? '';
}

describe('the command of QEMU', () => {
  it('boots the ELF kernel, and the bzImage where there is no other', () => {
    expect(after('-kernel')).toBe('/image/vmlinux');
    expect(after('-kernel', { kernel: { bzImage: '/own/bzImage', elf: null } })).toBe('/own/bzImage');
  });

  it('puts the tap, without vhost, behind a virtio-net device with the MAC of the plan', () => {
    expect(after('-netdev')).toBe('tap,id=net0,ifname=tap0,script=no,downscript=no,vhost=off');
    expect(after('-device')).toBe('virtio-net-device,netdev=net0,mac=02:74:62:00:00:02');
  });

  it('refuses the features of each offload that is off, and no other', () => {
    const deviceWithout = (changes: Partial<OffloadSpec>): string => {
      const offloads = { csum: true, tso: true, gso: true, mrgRxbuf: true, ...changes };
      return after('-device', { configuration: sampleConfiguration({ nic: { mtu: 1500, offloads } }) });
    };
    expect(deviceWithout({ mrgRxbuf: false })).toMatch(/,mrg_rxbuf=off$/);
    expect(deviceWithout({ csum: false })).toMatch(/,csum=off,guest_csum=off$/);
    expect(deviceWithout({ tso: false })).toMatch(/,host_tso4=off,.*guest_tso4=off/);
    // Software segmentation is the kernels' matter.
    expect(deviceWithout({ gso: false })).not.toContain('off');
  });

  it('takes the host CPU on KVM and a plain one under emulation', () => {
    expect([after('-accel', { accel: 'kvm' }), after('-cpu', { accel: 'kvm' })]).toEqual(['kvm', 'host']);
    expect(after('-cpu')).toBe('qemu64,+rdrand');
    expect(after('-accel')).toMatch(/^tcg,/);
  });

  it('tells an emulated guest the frequency of its counter, and leaves it its timers where that is unknown', () => {
    expect(after('-append')).toContain('tsc_early_khz=2596134 tsc=reliable');
    expect(after('-machine')).toContain('pit=off');
    expect(after('-append', { tscKhz: null })).not.toContain('tsc_early_khz');
    expect(after('-machine', { tscKhz: null })).not.toContain('pit=off');
    expect(after('-append', { accel: 'kvm' })).not.toContain('tsc_early_khz');
  });

  it('names its threads, keeps the console on stdin and stdout, and ends when the guest does', () => {
    const { argv, files } = qemu.command(spec());
    expect(after('-name')).toBe('guest=tapbench-1-a,debug-threads=on');
    expect(after('-serial')).toBe('stdio');
    expect(argv).toContain('-no-reboot');
    expect(files).toEqual({});
  });

  it('hands on vCPUs, memory and the arguments of experiment and guest', () => {
    const sample = sampleConfiguration();
    const configuration = {
      ...sample,
      vmm: { ...sample.vmm, vcpus: 3, memoryBytes: 300 * 2 ** 20 + 1 },
      guest: { ...sample.guest, kernelArguments: 'mitigations=off' },
    };
    expect([after('-smp', { configuration }), after('-m', { configuration })]).toEqual(['3', '301M']);
    expect(after('-append', { configuration })).toMatch(/tapbench\.address=192\.168\.100\.2\/24 mitigations=off$/);
  });
});

describe('threads of QEMU', () => {
  it('have roles by their names', () => {
    const role = (name: string): string => qemu.threadRole(name, false);
    expect(['CPU 0/KVM', 'CPU 11/TCG', 'vhost-1234', 'worker', 'call_rcu'].map(role)).toEqual([
      'vcpu',
      'vcpu',
      'vhost',
      'worker',
      'worker',
    ]);
    expect(qemu.threadRole('qemu-system-x86', true)).toBe('vmm');
  });
});

describe('the version of QEMU', () => {
  it('is read from its first line', () => {
    expect(qemu.parseVersion('QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)\nCopyright')).toBe(
      '7.2.22',
    );
    expect(() => qemu.parseVersion('firecracker v1.7')).toThrow(expect.objectContaining({ code: 'PARSE_FAILED' }));
  });
});
