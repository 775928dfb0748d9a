import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFacts } from '../record/host.ts';
import { attachDeadlineMs } from './attach-deadline.ts';
import { parseCpuList } from './cpu-list.ts';
import { fingerprint } from './fingerprint.ts';
import { gatheredHostFacts, machineFacts } from './host-facts.ts';
import { machineFiles } from './machine-files.ts';

const verdicts = { kvm: { isUsable: false, reason: 'none' }, tracing: { isUsable: false, reason: 'none' } };
const cpu = '/sys/devices/system/cpu';

/** Two cores of two threads each, with frequency scaling. */
const machine: Readonly<Record<string, string | Buffer>> = {
  '/proc/cpuinfo':
    'processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Made CPU\nmicrocode\t: 0x2b\nflags\t\t: fpu vmx\n',
  '/proc/meminfo': 'MemTotal:        1024 kB\nSwapTotal:          4 kB\n',
  '/proc/version': 'Linux version 6.1.0 #1 SMP PREEMPT_DYNAMIC\n',
  '/proc/cmdline': 'quiet\n',
  '/proc/config.gz': gzipSync('CONFIG_X=y\n'),
  '/proc/sys/kernel/osrelease': '6.1.0\n',
  '/proc/sys/kernel/sched_latency_ns': '6000000\n',
  '/proc/sys/net/ipv4/tcp_rmem': '4096\t131072\t6291456\n',
  '/etc/os-release': 'NAME=x\nPRETTY_NAME="Made OS 1"\n',
  '/sys/kernel/mm/ksm/run': '1\n',
  '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
  [`${cpu}/online`]: '0-3\n',
  [`${cpu}/smt/control`]: 'on\n',
  [`${cpu}/intel_pstate/no_turbo`]: '1\n',
  [`${cpu}/cpu0/cpufreq/cpuinfo_max_freq`]: '3400000\n',
  [`${cpu}/cpu0/cpufreq/scaling_governor`]: 'powersave\n',
  [`${cpu}/cpu1/cpufreq/scaling_governor`]: 'performance\n',
  ...Object.fromEntries(
    [0, 1, 2, 3].flatMap((index) => [
      [`${cpu}/cpu${String(index)}/topology/physical_package_id`, '0\n'],
      [`${cpu}/cpu${String(index)}/topology/core_id`, `${String(index % 2)}\n`],
    ]),
  ),
};

describe('the facts of a machine', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tapbench-machine-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function gather(
    files: Readonly<Record<string, string | Buffer>>,
  ): Promise<ReturnType<typeof gatheredHostFacts>> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    return gatheredHostFacts(machineFacts(machineFiles(root)), [], verdicts);
  }

  it('count cores apart from threads', async () => {
    const facts = await gather(machine);
    expect(facts.cpu).toMatchObject({ logicalCpus: 4, physicalCores: 2, sockets: 1, threadsPerCore: 2 });
  });

  it('name every governor where the CPUs have different ones', async () => {
    expect((await gather(machine)).cpu.governor).toBe('performance,powersave');
  });

  it('are in base units', async () => {
    const facts = await gather(machine);
    expect(facts.memory).toMatchObject({ totalBytes: 1024 * 1024, swapTotalBytes: 4096 });
    expect(facts.cpu.maximumHz).toBe(3_400_000_000);
  });

  it('hash the text of the kernel’s configuration, not its packing', async () => {
    const packed = await gather(machine);
    await rm(join(root, '/proc/config.gz'));
    const plain = await gather({ '/boot/config-6.1.0': 'CONFIG_X=y\n' });
    // printf 'CONFIG_X=y\n' | sha256sum
    expect(packed.kernel.configSha256).toBe('1f7630d899dcba3785654af21322a2c8853722810228d473f558cfd5513e9d72');
    expect(plain.kernel.configSha256).toBe(packed.kernel.configSha256);
  });

  it('hold the choice in force of files that show all choices', async () => {
    const facts = await gather(machine);
    expect(facts.memory).toMatchObject({ transparentHugepages: 'madvise', isKsmRunning: true });
    expect(facts.cpu).toMatchObject({ isTurboOn: false, smt: 'on' });
  });

  it('part the numbers of a sysctl by one space, and have those of the scheduler', async () => {
    expect((await gather(machine)).sysctls).toEqual({
      'kernel.sched_latency_ns': '6000000',
      'net.ipv4.tcp_rmem': '4096 131072 6291456',
    });
  });

  it('see no hypervisor under a CPU without its flag, and name it by its clock under one with it', async () => {
    expect((await gather(machine)).hypervisor).toBeNull();
    expect(attachDeadlineMs(machineFiles(root))).toBe(30_000);
    const guest = await gather({
      '/proc/cpuinfo': 'flags\t\t: fpu hypervisor\n',
      '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'tsc kvm-clock \n',
    });
    expect(guest.hypervisor).toBe('kvm');
  });

  it('tell a machine that QEMU emulates as a whole from a guest on KVM', async () => {
    const emulated = await gather({
      '/proc/cpuinfo': 'model name\t: QEMU TCG CPU version 2.5+\nflags\t\t: fpu svm hypervisor\n',
      '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
    });
    expect(emulated.hypervisor).toBe('qemu-tcg');
    // Where a tracer attaches more slowly.
    expect(attachDeadlineMs(machineFiles(root))).toBe(120_000);
  });

  it('fit the record, and are null, on a machine that says nothing', async () => {
    const facts = hostFacts.parse(await gather({}));
    expect(facts.cpu).toMatchObject({ physicalCores: null, isTurboOn: null, governor: null, maximumHz: null });
    expect(facts.kernel).toMatchObject({ configSha256: null, clocksource: null });
    expect(facts.hypervisor).toBeNull();
  });

  it('have a fingerprint that other memory of the same size keeps and another kernel changes', async () => {
    const facts = await gather({ ...machine, '/proc/meminfo': 'MemTotal: 33554432 kB\n' });
    const rebooted = { ...facts, memory: { ...facts.memory, totalBytes: facts.memory.totalBytes - 2 ** 20 } };
    const upgraded = { ...facts, kernel: { ...facts.kernel, version: '6.2.0' } };
    expect(fingerprint(rebooted)).toBe(facts.fingerprint);
    expect(fingerprint(upgraded)).not.toBe(facts.fingerprint);
  });
});

describe('parseCpuList', () => {
  it('reads ranges and single CPUs', () => {
    expect(parseCpuList('0-2,5,7-8')).toEqual([0, 1, 2, 5, 7, 8]);
  });

  it('has nothing of what is no list', () => {
    expect(parseCpuList('')).toEqual([]);
  });
});
