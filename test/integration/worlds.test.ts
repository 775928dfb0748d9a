import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireOrSkip } from './requirement.ts';
import { condition, traffic, useSession } from './support/session.ts';
import { latestRun, measurementOf, only } from './support/stored-run.ts';

const quick = (topology: string, ...more: readonly string[]): string[] => {
  const words = ['run', 'quick', '--duration', '1s', '--set', `topology=${topology}`];
  return [...words, ...more];
};

/** A guest of 512 MiB would be as well; eight of these fit on a smaller host. */
const eightGuests = quick('vm-to-host', '--set', 'pairs=8', '--set', 'vmm.memory=256M', '--trace', 'off');

const describeHere = await requireOrSkip('root', 'tap', 'image');

describeHere('a world', () => {
  const session = useSession();

  it('of two namespaces gives what the host gives, with no VM to read and no costs', async () => {
    const result = await session().run(quick('host-to-host'));
    expect(result.exitStatus, result.stderr).toBe(0);
    const trial = only((await latestRun(session())).trials);
    expect(trial).toMatchObject({ vmm: null, guest: null, failure: null });
    const bulk = measurementOf(trial, 'iperf3');
    expect(bulk.throughput?.bitsPerSecond).toBeGreaterThan(1e8);
    expect(bulk).toMatchObject({ threads: [], systemCalls: null, traced: null });
    expect(bulk.cost).toMatchObject({ systemCallsPerGigabyte: null, vmmCpuNsPerGigabyte: null });
    expect(bulk.cost.reasons).toMatchObject({ systemCallsPerGigabyte: 'no VM', vmmCpuNsPerGigabyte: 'no VM' });
    expect(measurementOf(trial, 'sockperf').latency?.halfRoundTripNs.p50).toBeGreaterThan(0);
  });

  it('of two VMs carries traffic from one to the other', async () => {
    const result = await session().run(quick('vm-to-vm', '--workload', 'iperf3'));
    expect(result.exitStatus, result.stderr).toBe(0);
    const trial = only((await latestRun(session())).trials);
    expect(trial).toMatchObject({ failure: null });
    const bulk = measurementOf(trial, 'iperf3');
    expect(bulk.throughput?.bitsPerSecond).toBeGreaterThan(1e7);
    expect(bulk.commands).toMatchObject({ client: { endpoint: 'vm1' }, server: { endpoint: 'vm2' } });
  });

  it('of two VMs with a VMM of its own each tells them apart, in what is asked, found and shown', async () => {
    const ends = ['--set', 'vmm.server.options.machine=q35', '--set', 'vmm.server.memory=256M'];
    const result = await session().run(quick('vm-to-vm', ...ends, '--workload', 'sockperf', '--trace', 'off'));
    expect(result.exitStatus, result.stderr).toBe(0);
    expect(result.stdout).toMatch(/clients on qemu \S+, microvm, .*servers on qemu \S+, q35/);
    const trial = only((await latestRun(session())).trials);
    const machines = trial.machines ?? [];
    expect(machines.map(({ vmm }) => vmm?.argv.join(' ').includes('q35'))).toEqual([false, true]);
    expect(machines.map(({ guest }) => guest?.nic.transport)).toEqual(['mmio', 'pci']);
    expect(machines[1]?.guest?.memoryTotalBytes).toBeLessThan(256 * 2 ** 20);
    expect(measurementOf(trial, 'sockperf').latency?.halfRoundTripNs.p50).toBeGreaterThan(0);
  });

  it('of two pairs gives the figures of each flow and of each VM', async () => {
    const result = await session().run(quick('vm-to-host', '--set', 'pairs=2', '--workload', 'iperf3'));
    expect(result.exitStatus, result.stderr).toBe(0);
    const bulk = measurementOf(only((await latestRun(session())).trials), 'iperf3');
    expect(bulk.flows?.map(({ name, client, server }) => [name, client, server])).toEqual([
      ['flow1', 'vm1', 'host'],
      ['flow2', 'vm2', 'host'],
    ]);
    for (const { throughput, failure } of bulk.flows ?? []) {
      expect(failure).toBeNull();
      expect(throughput?.bitsPerSecond).toBeGreaterThan(1e7);
    }
    for (const { link, threads, systemCalls } of bulk.machines ?? []) {
      expect(link?.fromGuest.bytes).toBeGreaterThan(1e6);
      expect(threads.map(({ role }) => role)).toEqual(expect.arrayContaining(['vmm', 'vcpu']));
      expect(systemCalls?.bytes).toBeGreaterThan(0);
    }
    expect(bulk.machines?.map(({ name }) => name)).toEqual(['vm1', 'vm2']);
  });

  it('of eight guests of which one dies keeps the figures of the others, and repeats the trial', async () => {
    const command = await session().start([...eightGuests, '--workload', 'iperf3', '--duration', '3s']);
    const vmm = await traffic(session());
    process.kill(vmm.pid, 'SIGKILL');
    await command.ended;
    const [broken, repeated] = (await latestRun(session())).trials;
    expect(broken).toMatchObject({ status: 'failed', failure: { code: 'VMM_FAILED' } });
    const flows = broken?.measurements[0]?.flows ?? [];
    const [failed, ...others] = flows.toSorted((a, b) => Number(a.failure === null) - Number(b.failure === null));
    expect(failed?.failure).toContain('the VMM ended');
    expect(others.map(({ failure }) => failure)).toEqual(Array(7).fill(null));
    for (const { throughput } of others) expect(throughput?.bitsPerSecond).toBeGreaterThan(1e5);
    expect(repeated).toMatchObject({ repeats: broken?.trialId, failure: null });
  });

  it('of 65 pairs is no experiment, and one of too much memory is refused before anything is made', async () => {
    const many = await session().run(quick('vm-to-host', '--set', 'pairs=65'));
    expect(many).toMatchObject({ exitStatus: 2 });
    expect(many.stderr).toContain('pairs: must be at most 64, not 65');
    const large = await session().run(quick('vm-to-vm', '--set', 'vmm.memory=1024G'));
    expect(large).toMatchObject({ exitStatus: 3 });
    expect(large.stderr).toMatch(
      /2 VMs of 1048576 MiB and 160 MiB for its VMM ask for 2097472 MiB of memory, and \d+ MiB are there/,
    );
    expect(await session().leaks()).toEqual([]);
  });

  it('that a matrix multiplies beyond 64 pairs, or beyond the memory, is refused with the mend before any is made', async () => {
    const file = join(session().folder, 'matrix.yaml');
    await writeFile(file, 'vmm: { memory: 1G }\nmatrix:\n  pairs: [1, 65]\n');
    const many = await session().run(['run', file]);
    expect(many).toMatchObject({ exitStatus: 2 });
    expect(many.stderr).toMatch(/matrix\.yaml:3:\d+.*pairs.*must be at most 64, not 65/s);
    const large = await session().run(['run', file, '--pairs', '1,64', '--set', 'vmm.memory=64G']);
    expect(large).toMatchObject({ exitStatus: 3 });
    expect(large.stderr).toMatch(/pairs-64: 64 VMs of 65536 MiB and 160 MiB for its VMM ask for 4204544 MiB of memory/);
    expect(large.stderr).toContain('fewer pairs, or a smaller vmm.memory');
    expect(existsSync(session().store)).toBe(false);
    expect(await session().leaks()).toEqual([]);
  });

  it('with a bridge is refused where the kernel makes none, before anything is made', async () => {
    await session().fake('unshare', 'echo "Error: Unknown device type." >&2; exit 2');
    const result = await session().run(quick('vm-to-vm'));
    expect(result).toMatchObject({ exitStatus: 3 });
    expect(result.stderr).toContain('this kernel makes no bridge');
    expect(result.stderr).toContain('modprobe bridge');
    expect(await session().leaks()).toEqual([]);
  });

  it('whose tools leave temporary files, as a killed iperf3 may, leaves none of them', async () => {
    await session().fake('iperf3', '[ "$1" = --version ] || mktemp -t left.XXXXXX >&2; exec /usr/bin/iperf3 "$@"');
    const result = await session().run(quick('host-to-host', '--workload', 'iperf3'));
    expect(result.exitStatus, result.stderr).toBe(0);
    expect(await session().leaks()).toEqual([]);
  });

  it.each([
    { world: 'two guests', pairs: 1, words: quick('vm-to-vm', '--trace', 'off') },
    { world: 'eight guests', pairs: 8, words: eightGuests },
    { world: 'two namespaces', pairs: 1, words: quick('host-to-host') },
    { world: 'sixteen namespaces', pairs: 8, words: quick('host-to-host', '--set', 'pairs=8') },
  ])('of $world that is killed leaves nothing after tapbench clean', async ({ world, pairs, words }) => {
    const command = await session().start([...words, '--duration', '5s']);
    if (world.endsWith('guests')) await traffic(session());
    else
      await condition('a client', async () => {
        const tools = (await session().processes()).filter(({ name }) => name === 'iperf3');
        return tools.length > pairs ? true : null;
      });
    // It alone: what is of its group must die by itself.
    process.kill(command.pid, 'SIGKILL');
    await command.ended;
    expect(await session().run(['clean'])).toMatchObject({ exitStatus: 0, stderr: '' });
    expect((await session().run(['clean'])).stdout).toBe('nothing to remove\n');
    expect(await session().leaks()).toEqual([]);
  });
});
