import { describe, expect, it } from 'vitest';
import { sampleBootSpec } from '../../../test/sample/boot-spec.ts';
import { sampleConfiguration, sampleNicSpec } from '../../../test/sample/experiment.ts';
import type { Configuration, NicSpec } from '../../record/experiment.ts';
import type { BootSpec, VmmCommand } from '../driver.ts';
import { resolveOptions } from '../vmm-option.ts';
import { firecracker } from './firecracker.ts';

type Options = Partial<Record<'pci' | 'jailer', boolean>>;

function configured(options: Options = {}, changes: Partial<Configuration> = {}): Configuration {
  const sample = sampleConfiguration(changes);
  const vmm = { ...sample.vmm, kind: 'firecracker', options: { pci: false, jailer: false, ...options } };
  return { ...sample, vmm };
}

function command(options: Options = {}, changes: Partial<BootSpec> = {}): VmmCommand {
  return firecracker.command(sampleBootSpec({ configuration: configured(options), version: '1.16.1', ...changes }));
}

/** Its own argv, behind the shell that gives it a pipe. */
function ownArgv({ argv }: VmmCommand): readonly string[] {
  return argv.slice(4);
}

interface Config {
  readonly 'boot-source': { kernel_image_path: string; initrd_path: string; boot_args: string };
  readonly 'machine-config': unknown;
  readonly 'network-interfaces': unknown;
  readonly drives: unknown;
  readonly metrics: { metrics_path: string };
}

function config({ files }: VmmCommand): Config {
  const text = Object.entries(files).find(([path]) => path.endsWith('/firecracker.json'))?.[1];
  if (text === undefined) throw new Error('no configuration was written');
  return JSON.parse(text) as Config;
}

describe('the command line of Firecracker', () => {
  it('has a socket for requests in the short folder and everything that is kept in that of the trial', () => {
    expect(ownArgv(command())).toEqual([
      ...['/usr/bin/vmm', '--id', 'tapbench-1-a', '--api-sock', '/run/tapbench/vm-1/api.sock'],
      ...['--config-file', '/trial/firecracker.json', '--log-path', '/trial/vmm.log', '--level', 'Warning'],
      '--show-level',
    ]);
    expect(command().links).toEqual({});
  });

  it('writes its console into a pipe, as it drops what a socket does not take at once', () => {
    const [shell, , script, fifo] = command().argv;
    expect([shell, script, fifo]).toEqual([
      ...['sh', 'mkfifo "$0" && { cat "$0" & exec "$@" >"$0"; }', '/run/tapbench/vm-1/console'],
    ]);
  });

  it('turns PCI on where that is asked for', () => {
    expect(ownArgv(command({ pci: true })).at(-1)).toBe('--enable-pci');
    expect(ownArgv(command())).not.toContain('--enable-pci');
  });

  it('makes an id of the letters that it takes', () => {
    expect(ownArgv(command({}, { name: `tapbench_1.a-${'x'.repeat(80)}` }))[2]).toMatch(/^tapbench-1-a-x{51}$/);
  });

  it('refuses a socket whose path no socket can have, and a kernel that is not ELF', () => {
    const runtimeFolder = `/run/${'x'.repeat(100)}`;
    expect(() => command({}, { runtimeFolder })).toThrow('longer than a socket');
    expect(() => command({}, { kernel: { bzImage: '/own/bzImage', elf: null } })).toThrow('ELF kernel');
  });
});

describe('the machine of Firecracker', () => {
  it('is kernel, initramfs, tap and metrics, without drives and limits on the rate', () => {
    expect(config(command())).toEqual({
      'boot-source': {
        kernel_image_path: '/image/vmlinux',
        initrd_path: '/image/initramfs.cpio',
        boot_args: expect.stringMatching(/^reboot=k .*console=ttyS0 panic=-1 /) as string,
      },
      drives: [],
      'machine-config': { vcpu_count: 1, mem_size_mib: 512 },
      'network-interfaces': [{ iface_id: 'eth0', host_dev_name: 'tap0', guest_mac: '02:74:62:00:00:02' }],
      metrics: { metrics_path: '/trial/firecracker-metrics.json' },
    });
  });

  it('has a drive that can only be read, which is not its root device; in a jail it is linked there', () => {
    const drive = { drive_id: 'rootfs', is_root_device: false, is_read_only: true };
    expect(config(command({}, { disk: '/own/root.ext4' })).drives).toEqual([
      { ...drive, path_on_host: '/own/root.ext4' },
    ]);
    const jailed = command({ jailer: true }, { disk: '/own/root.ext4' });
    expect(config(jailed).drives).toEqual([{ ...drive, path_on_host: '/rootfs' }]);
    expect(jailed.links['/cache/jails/vm-1/firecracker/vm/root/rootfs']).toBe('/own/root.ext4');
  });

  it('has vCPUs, memory rounded up and the arguments of guest and experiment', () => {
    const sample = configured();
    const configuration = {
      ...sample,
      vmm: { ...sample.vmm, vcpus: 3, memoryBytes: 300 * 2 ** 20 + 1 },
      guest: { ...sample.guest, kernelArguments: 'mitigations=off' },
    };
    const made = config(command({}, { configuration }));
    expect(made['machine-config']).toEqual({ vcpu_count: 3, mem_size_mib: 301 });
    expect(made['boot-source'].boot_args).toMatch(/ tapbench\.address=192\.168\.100\.2\/24 mitigations=off$/);
  });

  it('keeps the kernel from looking for PCI, where Firecracker does not do that by itself', () => {
    const line = (version: string, options: Options = {}) =>
      config(command(options, { version }))['boot-source'].boot_args.includes('pci=off');
    expect(['1.8.0', '1.12.1', '1.14.4', '1.16.1'].map((version) => line(version))).toEqual([true, true, false, false]);
    expect(line('1.13.0', { pci: true })).toBe(false);
  });

  it('has the files for metrics and log beforehand, which older versions do not make', () => {
    expect(command().files).toMatchObject({ '/trial/firecracker-metrics.json': '', '/trial/vmm.log': '' });
  });
});

describe('Firecracker in a jail', () => {
  const jailed = command({ jailer: true }, { userId: 1_900_000_000 });
  const root = '/cache/jails/vm-1/firecracker/vm/root';

  it('is started by the jailer beside it, which changes to its user, with paths as they are inside', () => {
    expect(ownArgv(jailed)).toEqual([
      ...['/usr/bin/jailer', '--id', 'vm', '--exec-file', '/cache/jails/vm-1/bin/firecracker'],
      ...['--uid', '1900000000', '--gid', '1900000000', '--chroot-base-dir', '/cache/jails/vm-1', '--'],
      ...['--api-sock', '/api.sock', '--config-file', '/firecracker.json'],
      ...['--log-path', '/vmm.log', '--level', 'Warning', '--show-level'],
    ]);
    const made = config(jailed);
    expect(made['boot-source']).toMatchObject({ kernel_image_path: '/vmlinux', initrd_path: '/initramfs' });
    expect(made.metrics).toEqual({ metrics_path: '/firecracker-metrics.json' });
    expect(jailed.owner).toBe(1_900_000_000);
  });

  it('stays root where there is no user for it', () => {
    const { argv, owner } = command({ jailer: true }, { userId: null });
    expect(argv[argv.indexOf('--uid') + 1]).toBe('0');
    expect(owner).toBeUndefined();
  });

  it('finds there what it boots, and has its counters where the host sees them', () => {
    expect(jailed.links).toEqual({
      [`${root}/vmlinux`]: '/image/vmlinux',
      [`${root}/initramfs`]: '/image/initramfs.cpio',
      '/cache/jails/vm-1/bin/firecracker': '/usr/bin/vmm',
    });
    expect(Object.keys(jailed.files)).toContain(`${root}/firecracker.json`);
    expect(jailed.counters?.request.socket).toBe(`${root}/api.sock`);
    expect(jailed.counters?.file).toBe(`${root}/firecracker-metrics.json`);
  });

  it('leaves its metrics and its log with the trial, though the jail is removed', () => {
    expect(jailed.kept).toEqual([`${root}/firecracker-metrics.json`, `${root}/vmm.log`]);
    expect(command().kept).toBeUndefined();
    expect([jailed.log, command().log]).toEqual([`${root}/vmm.log`, '/trial/vmm.log']);
  });

  it('needs the jailer, and a program that runs where there are no libraries', () => {
    expect(firecracker.needs(configured({ jailer: true }))).toMatchObject([
      { kind: 'program', name: 'jailer' },
      { kind: 'static-build' },
    ]);
    expect(firecracker.needs(configured())).toEqual([]);
  });
});

describe('what Firecracker refuses', () => {
  const refused = (nic: Partial<NicSpec>, accel: 'kvm' | 'tcg' | null = null): string[] =>
    firecracker.refusals(configured({}, { nic: sampleNicSpec(nic) }), accel).map(({ field }) => field);

  it('is an emulated CPU', () => {
    expect(refused({}, 'tcg')).toEqual(['vmm.accel']);
    expect(refused({}, 'kvm')).toEqual([]);
  });

  it('is a network card that it does not have', () => {
    expect(refused({ vhost: true, queues: 2, rxQueueSize: 512, txQueueSize: 256 }, 'kvm')).toEqual([
      ...['nic.vhost', 'nic.queues', 'nic.rxQueueSize'],
    ]);
  });

  it('is features switched off that it always offers, but not segmentation in software', () => {
    expect(refused({ offloads: { csum: false, tso: false, gso: false, mrgRxbuf: false } }, 'kvm')).toEqual([
      ...['nic.offloads.csum', 'nic.offloads.tso', 'nic.offloads.mrgRxbuf'],
    ]);
    expect(refused({ offloads: { csum: true, tso: true, gso: false, mrgRxbuf: true } }, 'kvm')).toEqual([]);
  });

  it('is more than 32 vCPUs', () => {
    const sample = configured();
    const of = (vcpus: number) => firecracker.refusals({ ...sample, vmm: { ...sample.vmm, vcpus } }, 'kvm').length;
    expect([of(32), of(33)]).toEqual([0, 1]);
  });

  it('is a version without ACPI, and PCI in a version without it', () => {
    const why = (version: string, options: Options = {}) => firecracker.refusesVersion(version, configured(options));
    expect(why('1.7.0')).toContain('ACPI');
    expect(['1.8.0', '1.12.1', '1.16.1', '2.0.0', '1.17.0-dev'].map((version) => why(version))).toEqual(
      Array.from({ length: 5 }, () => null),
    );
    expect(why('1.12.1', { pci: true })).toContain('no PCI');
    expect(why('1.13.0', { pci: true })).toBeNull();
  });

  it('is an option that it does not have, and a value that is neither on nor off', () => {
    expect(resolveOptions(firecracker, {}).options).toEqual({ pci: false, jailer: false });
    expect(resolveOptions(firecracker, { pci: 'on', jailer: true }).options).toEqual({ pci: true, jailer: true });
    const { refusals } = resolveOptions(firecracker, { machine: 'q35', pci: 'yes' });
    expect(refusals.map(({ field }) => field)).toEqual(['vmm.options.machine', 'vmm.options.pci']);
  });
});

describe("Firecracker's own counters", () => {
  const { counters } = command();
  const read = (text: string) => counters?.read(text);

  it('are asked for on its socket and read from the lines of its file', () => {
    expect(counters).toMatchObject({
      request: { socket: '/run/tapbench/vm-1/api.sock', method: 'PUT', path: '/actions' },
      file: '/trial/firecracker-metrics.json',
      counts: 'since-last',
    });
    expect(counters?.request.body).toBe('{"action_type":"FlushMetrics"}');
  });

  it('are those of the card, without what is no count', () => {
    const card = { tx_packets_count: 7, rx_bytes_count: 900, tap_write_agg: { min_us: 1, max_us: 2, sum_us: 3 } };
    expect(read(JSON.stringify({ utc_timestamp_ms: 1, net_eth0: card, net: card }))).toEqual({
      tx_packets_count: 7,
      rx_bytes_count: 900,
    });
  });

  it('fail on a line that is cut off or has no card', () => {
    expect(() => read('{"net_eth0": {"tx_pac')).toThrow(expect.objectContaining({ code: 'PARSE_FAILED' }));
    expect(() => read('{"net": {}}')).toThrow('network card is missing');
  });
});

describe('threads and devices of Firecracker', () => {
  it('have roles by their names', () => {
    const names = ['firecracker', 'firecracker-v1.', 'fc_api', 'fc_vcpu 0', 'fc_vcpu 11', 'CPU 0/KVM', 'iperf3'];
    const roles = ['vmm', 'vmm', 'api', 'vcpu', 'vcpu', null, null];
    expect(names.map((name) => firecracker.threadRole(name))).toEqual(roles);
  });

  it('are in pages of their own, whose place depends on the version', () => {
    const start = (version: string, options: Options = {}) =>
      firecracker.addressRegions(configured(options), version).map((region) => region.start);
    expect([start('1.8.0'), start('1.12.1'), start('1.14.4'), start('1.16.1')]).toEqual([
      ...[[0xd0000000], [0xd0000000], [0xc0001000], [0xc0001000]],
    ]);
    expect([start('1.13.0'), start('1.16.1', { pci: true })]).toEqual([[], []]);
  });
});

describe('the version of Firecracker', () => {
  it('is read from its first line', () => {
    const output =
      'Firecracker v1.16.1\n\n2026-11-23T04:49:59 [anonymous-instance:main] Firecracker exiting successfully.';
    expect(firecracker.parseVersion(output)).toBe('1.16.1');
    expect(() => firecracker.parseVersion('QEMU emulator version 7.2.22')).toThrow(
      expect.objectContaining({ code: 'PARSE_FAILED' }),
    );
  });
});
