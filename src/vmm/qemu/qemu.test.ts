import { describe, expect, it } from 'vitest';
import { sampleBootSpec } from '../../../test/sample/boot-spec.ts';
import { sampleConfiguration, sampleNicSpec } from '../../../test/sample/experiment.ts';
import type { NicSpec, OffloadSpec } from '../../record/experiment.ts';
import type { BootSpec } from '../driver.ts';
import { qemu } from './qemu.ts';

function spec(changes: Partial<BootSpec> = {}): BootSpec {
  return sampleBootSpec({ accel: 'tcg', binary: '/usr/bin/qemu-system-x86_64', version: '7.2.22', ...changes });
}

/** The command line of one network card on one machine. */
function card(nic: Partial<NicSpec>, machine = 'microvm'): { netdev: string; device: string } {
  const sample = sampleConfiguration({ nic: sampleNicSpec(nic) });
  const configuration = { ...sample, vmm: { ...sample.vmm, options: { machine } } };
  return {
    netdev: after('-netdev', { configuration, accel: 'kvm' }),
    device: after('-device', { configuration, accel: 'kvm' }),
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
      return after('-device', { configuration: sampleConfiguration({ nic: sampleNicSpec({ offloads }) }) });
    };
    expect(deviceWithout({ mrgRxbuf: false })).toMatch(/,mrg_rxbuf=off$/);
    expect(deviceWithout({ csum: false })).toMatch(/,csum=off,guest_csum=off$/);
    expect(deviceWithout({ tso: false })).toMatch(/,host_tso4=off,.*guest_tso4=off/);
    // Software segmentation is the kernels' matter.
    expect(deviceWithout({ gso: false })).not.toContain('off');
  });

  it('has a disk that can only be read behind the card, and none where there is no root file system', () => {
    const { argv, reads } = qemu.command(spec({ disk: '/own/a,b.ext4' }));
    const word = 'if=none,id=rootfs,format=raw,readonly=on,file=/own/a,,b.ext4';
    expect(argv.slice(-4)).toEqual(['-drive', word, '-device', 'virtio-blk-device,drive=rootfs']);
    expect(reads?.map(({ path }) => path)).toEqual(['/image/vmlinux', '/image/initramfs.cpio', '/own/a,b.ext4']);
    expect(reads?.at(-1)?.word('/proc/self/fd/5')).toBe(
      'if=none,id=rootfs,format=raw,readonly=on,file=/proc/self/fd/5',
    );
    expect(qemu.command(spec()).argv).not.toContain('-drive');
    const sample = sampleConfiguration();
    const configuration = { ...sample, vmm: { ...sample.vmm, options: { machine: 'q35' } } };
    expect(qemu.command(spec({ configuration, disk: '/x' })).argv.at(-1)).toBe('virtio-blk-pci,drive=rootfs');
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

  it('gives up old calls, other users, other programs and priorities, and reads what the lab may hand over', () => {
    expect(after('-sandbox')).toBe('on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny');
    expect(qemu.command(spec()).reads?.map(({ path }) => path)).toEqual(['/image/vmlinux', '/image/initramfs.cpio']);
  });

  it('names its threads, keeps the console on stdin and stdout, and ends when the guest does', () => {
    const { argv, files } = qemu.command(spec());
    expect(after('-name')).toBe('guest=tapbench-1-a,debug-threads=on');
    expect(after('-serial')).toBe('stdio');
    expect(argv).toContain('-no-reboot');
    expect(files).toEqual({});
  });

  it('gives the guest the CPU of the host on KVM, without the register that PVM does not take', () => {
    expect(after('-cpu', { accel: 'kvm' })).toBe('host');
    expect(after('-cpu', { accel: 'kvm', isPvm: true })).toBe('host,arch-capabilities=off');
    expect(after('-cpu', { accel: 'tcg', isPvm: true })).toBe('qemu64,+rdrand');
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

describe('the network card of QEMU', () => {
  it('is on PCI with an interrupt a queue on q35, and on virtio-mmio else', () => {
    expect(card({}, 'q35').device).toBe('virtio-net-pci,romfile=,netdev=net0,mac=02:74:62:00:00:02');
    expect(card({ queues: 2 }, 'q35').device).toMatch(/,mq=on,vectors=6$/);
    expect(card({ queues: 2 }).device).toMatch(/,mq=on$/);
    expect(card({ queues: 2 }).netdev).toMatch(/,queues=2$/);
  });

  it('leaves the packets to vhost where that is asked for', () => {
    expect(card({ vhost: true }).netdev).toContain('vhost=on');
    expect(card({}).netdev).toContain('vhost=off');
  });

  it('has queues of the size that is asked for', () => {
    const sizes = { rxQueueSize: 1024, txQueueSize: 256 };
    expect(card(sizes, 'q35').device).toMatch(/,rx_queue_size=1024,tx_queue_size=256$/);
    expect(card({}, 'q35').device).not.toContain('queue_size');
    // It has this size by itself, and would refuse it for what it sends.
    expect(card({ rxQueueSize: 1024, txQueueSize: 1024 }).device).not.toContain('queue_size');
  });
});

describe('the virtio-mmio of QEMU', () => {
  const withOptions = (options: Readonly<Record<string, boolean | string>>) => {
    const sample = sampleConfiguration();
    return { ...sample, vmm: { ...sample.vmm, options } };
  };

  it('is legacy as QEMU has it, unless VIRTIO 1 is asked for', () => {
    const { argv } = qemu.command(spec());
    expect(argv).not.toContain('-global');
    const configuration = withOptions({ machine: 'microvm', modern: true });
    expect(after('-global', { configuration })).toBe('virtio-mmio.force-legacy=false');
  });

  it('is refused where there is none', () => {
    const refused = qemu.refusals(withOptions({ machine: 'q35', modern: true }), null);
    expect(refused.map(({ field }) => field)).toEqual(['vmm.options.modern']);
  });
});

describe('what QEMU refuses', () => {
  const refused = (nic: Partial<NicSpec>, accel: 'kvm' | 'tcg' | null = null, machine = 'microvm'): string[] => {
    const sample = sampleConfiguration({ nic: sampleNicSpec(nic) });
    const configuration = { ...sample, vmm: { ...sample.vmm, options: { machine } } };
    return qemu.refusals(configuration, accel).map(({ field }) => field);
  };

  it('is vhost without KVM, which may be known only once auto was tried', () => {
    expect(refused({ vhost: true })).toEqual([]);
    expect(refused({ vhost: true }, 'kvm')).toEqual([]);
    expect(refused({ vhost: true }, 'tcg')).toEqual(['nic.vhost']);
  });

  it('is queues and sizes of queues that its card does not have', () => {
    expect(refused({ queues: 257, rxQueueSize: 300, txQueueSize: 512 }, null, 'q35')).toEqual([
      'nic.queues',
      'nic.rxQueueSize',
      'nic.txQueueSize',
    ]);
    expect(refused({ queues: 256, rxQueueSize: 512, txQueueSize: 256 }, null, 'q35')).toEqual([]);
  });

  it('is a size of queues on virtio-mmio that the guest would not take', () => {
    expect(refused({ rxQueueSize: 512, txQueueSize: 256 })).toEqual(['nic.rxQueueSize', 'nic.txQueueSize']);
    expect(refused({ rxQueueSize: 1024, txQueueSize: 1024 })).toEqual([]);
    expect(refused({})).toEqual([]);
  });

  it('is a version without ACPI on microvm', () => {
    expect(qemu.refusesVersion('5.2.0')).toContain('too old');
    expect(qemu.refusesVersion('7.2.22')).toBeNull();
  });
});

describe('what QEMU needs of the host', () => {
  it('is vhost-net, where that is asked for', () => {
    const needs = (vhost: boolean) => qemu.needs(sampleConfiguration({ nic: sampleNicSpec({ vhost }) }));
    expect(needs(false)).toEqual([]);
    expect(needs(true)).toMatchObject([{ kind: 'device', name: '/dev/vhost-net', field: 'nic.vhost' }]);
  });
});

describe('a user of its own', () => {
  it('opens the tap, and of the other devices what it is to use', () => {
    const devices = (vhost: boolean, accel: 'kvm' | 'tcg') =>
      qemu.ownUser(sampleConfiguration({ nic: sampleNicSpec({ vhost }) }), accel);
    expect(devices(false, 'tcg')).toEqual({ by: 'lab', devices: ['/dev/net/tun'] });
    expect(devices(true, 'kvm')).toEqual({ by: 'lab', devices: ['/dev/net/tun', '/dev/kvm', '/dev/vhost-net'] });
  });
});

describe('threads of QEMU', () => {
  it('have roles by their names', () => {
    const names = ['CPU 0/KVM', 'CPU 11/TCG', 'vhost-1234', 'worker', 'call_rcu', 'qemu-system-x86', 'fc_vcpu 0'];
    const roles = ['vcpu', 'vcpu', 'vhost', 'worker', 'worker', 'vmm', null];
    expect(names.map((name) => qemu.threadRole(name))).toEqual(roles);
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
