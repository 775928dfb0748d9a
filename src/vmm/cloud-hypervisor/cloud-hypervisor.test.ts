import { describe, expect, it } from 'vitest';
import { sampleBootSpec } from '../../../test/sample/boot-spec.ts';
import { sampleConfiguration, sampleNicSpec } from '../../../test/sample/experiment.ts';
import type { Configuration, NicSpec, OffloadSpec } from '../../record/experiment.ts';
import type { BootSpec } from '../driver.ts';
import { cloudHypervisor } from './cloud-hypervisor.ts';

function configured(nic: Partial<NicSpec> = {}, vmm: Partial<Configuration['vmm']> = {}): Configuration {
  const sample = sampleConfiguration({ nic: sampleNicSpec(nic) });
  return { ...sample, vmm: { ...sample.vmm, kind: 'cloud-hypervisor', options: {}, ...vmm } };
}

function spec(changes: Partial<BootSpec> = {}): BootSpec {
  return sampleBootSpec({
    configuration: configured(),
    binary: '/usr/bin/cloud-hypervisor',
    version: '51.2.0',
    ...changes,
  });
}

/** What follows a flag. */
function after(flag: string, changes: Partial<BootSpec> = {}): string {
  const { argv } = cloudHypervisor.command(spec(changes));
  return argv[argv.indexOf(flag) + 1] ?? '';
}

function card(nic: Partial<NicSpec>): string {
  return after('--net', { configuration: configured(nic, { vcpus: 4 }) });
}

describe('the command of Cloud Hypervisor', () => {
  it('is this one for a plain configuration, and writes no file', () => {
    const { argv, files, links } = cloudHypervisor.command(spec());
    expect(argv.filter((_, index) => argv[index - 1] !== '--cmdline')).toEqual([
      '/usr/bin/cloud-hypervisor',
      ...['--kernel', '/image/vmlinux', '--initramfs', '/image/initramfs.cpio', '--cmdline'],
      ...['--cpus', 'boot=1', '--memory', 'size=512M'],
      ...['--net', 'tap=tap0,mac=02:74:62:00:00:02,id=net0,num_queues=2'],
      ...['--serial', 'socket=/run/tapbench/vm-1/console.sock', '--console', 'off'],
      ...['--api-socket', 'path=/run/tapbench/vm-1/api.sock'],
      ...['--log-file', '/trial/vmm.log'],
    ]);
    expect({ files, links }).toEqual({ files: {}, links: {} });
  });

  it('has a disk that can only be read, whatever its name, and a role for the thread of it', () => {
    expect(after('--disk', { disk: '/own/a,b.ext4' })).toBe('path="/own/a,b.ext4",readonly=on,id=rootfs');
    expect(cloudHypervisor.threadRole('rootfs_q0')).toBe('worker');
    const sample = configured();
    const configuration = { ...sample, guest: { ...sample.guest, rootfs: '/own/a"b' } };
    expect(cloudHypervisor.refusals(configuration, 'kvm').map(({ field }) => field)).toEqual(['guest.rootfs']);
  });

  it('boots the ELF kernel, and the bzImage where there is no other', () => {
    expect(after('--kernel', { kernel: { bzImage: '/own/bzImage', elf: null } })).toBe('/own/bzImage');
    expect(() => cloudHypervisor.command(spec({ kernel: { bzImage: null, elf: null } }))).toThrow('no kernel');
  });

  it('hands on vCPUs, memory and the arguments of experiment and guest', () => {
    const sample = configured({}, { vcpus: 3, memoryBytes: 300 * 2 ** 20 + 1 });
    const configuration = { ...sample, guest: { ...sample.guest, kernelArguments: 'mitigations=off' } };
    expect([after('--cpus', { configuration }), after('--memory', { configuration })]).toEqual(['boot=3', 'size=301M']);
    expect(after('--cmdline', { configuration })).toMatch(/ tapbench\.address=192\.168\.100\.2\/24 mitigations=off$/);
  });

  it('keeps a guest that panics from being booted again, and leaves it its PCI', () => {
    const parts = after('--cmdline').split(' ');
    expect(parts.filter((part) => part.startsWith('panic=')).at(-1)).toBe('panic=0');
    expect(parts.filter((part) => /^(reboot|pci)=/.test(part))).toEqual([]);
  });

  it('says where the console is, and refuses a folder that is too long for a socket', () => {
    expect(cloudHypervisor.command(spec()).consoleSocket).toBe('/run/tapbench/vm-1/console.sock');
    const runtimeFolder = `/${'x'.repeat(107 - '//console.sock'.length)}`;
    expect(cloudHypervisor.command(spec({ runtimeFolder })).consoleSocket).toHaveLength(107);
    expect(() => cloudHypervisor.command(spec({ runtimeFolder: `${runtimeFolder}x` }))).toThrow(
      expect.objectContaining({ code: 'VMM_FAILED' }),
    );
  });

  it('is ended through its API', () => {
    expect(cloudHypervisor.command(spec()).powerOff).toEqual({
      socket: '/run/tapbench/vm-1/api.sock',
      method: 'PUT',
      path: '/api/v1/vmm.shutdown',
      body: null,
    });
  });
});

describe('the network card of Cloud Hypervisor', () => {
  it('has two queues for each pair, of the size that is asked for', () => {
    expect(card({ queues: 4 })).toMatch(/,num_queues=8$/);
    expect(card({ rxQueueSize: 512, txQueueSize: 512 })).toMatch(/,queue_size=512$/);
    expect(card({ rxQueueSize: 256 })).toMatch(/,queue_size=256$/);
    expect(card({ txQueueSize: 256 })).toMatch(/,queue_size=256$/);
  });

  it('lacks the offloads that are off, and no other', () => {
    const without = (changes: Partial<OffloadSpec>): string =>
      card({ offloads: { csum: true, tso: true, gso: true, mrgRxbuf: true, ...changes } });
    expect(without({ tso: false })).toMatch(/,num_queues=2,offload_tso=off,offload_ufo=off$/);
    expect(without({ tso: false, csum: false })).toMatch(/,offload_tso=off,offload_ufo=off,offload_csum=off$/);
    // It never has the one, and the other is the kernels' matter.
    expect(without({ gso: false, mrgRxbuf: false })).not.toContain('off');
  });

  it('notifies through ioeventfd', () => {
    expect(cloudHypervisor.notification(configured(), 'kvm')).toBe('ioeventfd');
  });
});

describe('what Cloud Hypervisor refuses', () => {
  const refused = (nic: Partial<NicSpec>, vmm: Partial<Configuration['vmm']> = {}): string[] =>
    cloudHypervisor.refusals(configured(nic, vmm), null).map(({ field }) => field);

  it('is emulation, asked for or become', () => {
    expect(refused({}, { accel: 'tcg' })).toEqual(['vmm.accel']);
    expect(refused({})).toEqual([]);
    expect(cloudHypervisor.refusals(configured(), 'tcg').map(({ field }) => field)).toEqual(['vmm.accel']);
    expect(cloudHypervisor.refusals(configured(), 'kvm')).toEqual([]);
  });

  it("is the kernel's vhost, and more queue pairs than virtual CPUs", () => {
    expect(refused({ vhost: true })).toEqual(['nic.vhost']);
    expect(refused({ queues: 3 }, { vcpus: 2 })).toEqual(['nic.queues']);
    expect(refused({ queues: 2 }, { vcpus: 2 })).toEqual([]);
  });

  it('is sizes of queues that differ, also from the default, or that no queue has', () => {
    expect(refused({ rxQueueSize: 512 })).toEqual(['nic.txQueueSize']);
    expect(refused({ txQueueSize: 512 })).toEqual(['nic.txQueueSize']);
    expect(refused({ rxQueueSize: 256 })).toEqual([]);
    expect(refused({ rxQueueSize: 300, txQueueSize: 300 })).toEqual(['nic.rxQueueSize', 'nic.txQueueSize']);
    expect(refused({ rxQueueSize: 16, txQueueSize: 16 })).toEqual(['nic.rxQueueSize', 'nic.txQueueSize']);
    expect(refused({ rxQueueSize: 65_536, txQueueSize: 65_536 })).toEqual(['nic.rxQueueSize', 'nic.txQueueSize']);
    expect(refused({ rxQueueSize: 32_768, txQueueSize: 32_768 })).toEqual([]);
  });

  it('is a version that has no socket for the console', () => {
    expect(cloudHypervisor.refusesVersion('35.1.0', configured())).toContain('too old');
    expect(cloudHypervisor.refusesVersion('36.0', configured())).toBeNull();
    expect(cloudHypervisor.refusesVersion('53.0.0', configured())).toBeNull();
    expect(cloudHypervisor.refusesVersion('unreadable', configured())).toContain('too old');
  });
});

describe('threads of Cloud Hypervisor', () => {
  it('have roles by their names, of which the kernel keeps 15 characters', () => {
    const roles = {
      'cloud-hyperviso': 'vmm',
      vmm: 'vmm',
      vcpu0: 'vcpu',
      vcpu17: 'vcpu',
      net0_qp0: 'net',
      net0_ctrl: 'net',
      _net2_qp11: 'net',
      'http-server': 'api',
      vmm_signal_hand: 'worker',
      'serial-manager': 'worker',
      __rng: 'worker',
      'fc_vcpu 0': null,
      net0: null,
      'vhost-12': null,
    };
    const found = Object.keys(roles).map((name) => [name, cloudHypervisor.threadRole(name)]);
    expect(Object.fromEntries(found)).toEqual(roles);
  });
});

describe('the version of Cloud Hypervisor', () => {
  it('is read from its first line', () => {
    expect(cloudHypervisor.parseVersion('cloud-hypervisor v51.2.0\n')).toBe('51.2.0');
    expect(cloudHypervisor.parseVersion('cloud-hypervisor v53.0.0\nMigration Protocol Versions: 0\n')).toBe('53.0.0');
    expect(() => cloudHypervisor.parseVersion('Firecracker v1.16.1')).toThrow(
      expect.objectContaining({ code: 'PARSE_FAILED' }),
    );
  });
});

describe('the counters of Cloud Hypervisor', () => {
  const { counters } = cloudHypervisor.command(spec());
  const read = (text: string): Record<string, number> | undefined => counters?.read(text);

  it('are asked for over the API, and count from the start', () => {
    expect(counters).toMatchObject({
      request: { socket: '/run/tapbench/vm-1/api.sock', method: 'GET', path: '/api/v1/vm.counters', body: null },
      file: null,
      counts: 'total',
    });
  });

  it('are those of the card, whose names say both directions', () => {
    const card = { rx_bytes: 1_312, rx_frames: 14, tx_bytes: 980, tx_frames: 11 };
    const answer = { net0: card, _disk0: { read_bytes: 4_096, read_ops: 1 } };
    expect(read(JSON.stringify(answer))).toEqual(card);
    const names = Object.values(counters?.names ?? {}).flatMap(({ packets, bytes }) => [packets, bytes]);
    expect(names.toSorted()).toEqual(Object.keys(card));
    expect(counters?.names.fromGuest).toEqual({ packets: 'tx_frames', bytes: 'tx_bytes' });
  });

  it('fail where the answer is cut off, or knows no card', () => {
    for (const text of ['{"net0":{"rx_by', '{"_disk0":{}}', '["VM is not running"]'])
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'PARSE_FAILED' }));
  });
});

describe('what the calls of Cloud Hypervisor are for', () => {
  it('is told once for each call of a role', () => {
    const keys = cloudHypervisor.calls.map(({ role, call, request }) => `${role} ${call} ${request ?? ''}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(['net readv ', 'net writev ', 'vcpu ioctl KVM_RUN']));
  });
});
