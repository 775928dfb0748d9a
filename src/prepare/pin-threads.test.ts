import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { start } from '../lab/process.ts';
import type { Pin } from '../record/trial.ts';
import { cpuListText } from './cpu-list-text.ts';
import { allowedCpus, readCpuTopology } from './cpu-topology.ts';
import { applyPin, launchPrefix, pinProcess, pinThreads } from './pin-threads.ts';

const { allowed } = readCpuTopology();
const [first = 0] = allowed;
const absentCpu = 4_000;

const cpusNow = (tid: number): number[] | null => allowedCpus(readFileSync(`/proc/${String(tid)}/status`, 'utf8'));
const entry = (role: Pin['role'], cpus: number[]): Pin => ({
  role,
  name: 'planned',
  cpus,
  status: 'pinned',
  reason: null,
});

describe('applyPin', () => {
  it('keeps a process on the CPU, which the kernel then says', async () => {
    await using sleeper = await start(['sleep', '60']);
    expect(await applyPin({ tid: sleeper.pid, cpus: [first], isWholeProcess: true })).toBeNull();
    expect(cpusNow(sleeper.pid)).toEqual([first]);
    expect(await applyPin({ tid: sleeper.pid, cpus: allowed, isWholeProcess: false })).toBeNull();
    expect(cpusNow(sleeper.pid)).toEqual(allowed);
  });

  it('gives the reason of a refusal rather than throwing', async () => {
    await using sleeper = await start(['sleep', '60']);
    expect(await applyPin({ tid: sleeper.pid, cpus: [absentCpu], isWholeProcess: false })).toMatch(
      /Invalid argument|CPU list/,
    );
    expect(cpusNow(sleeper.pid)).toEqual(allowed);
  });

  it('says that the process had ended', async () => {
    const sleeper = await start(['sleep', '60']);
    await sleeper.stop();
    expect(await applyPin({ tid: sleeper.pid, cpus: [first], isWholeProcess: true })).toBe('it had ended');
  });
});

describe('launchPrefix', () => {
  it('has a process born on its CPUs, under its own pid', async () => {
    await using sleeper = await start([...launchPrefix([first]), 'sh', '-c', 'echo ready; exec sleep 60'], {
      stdout: 'pipe',
    });
    await new Promise((resolve) => sleeper.stdout?.once('data', resolve));
    expect(cpusNow(sleeper.pid)).toEqual([first]);
    expect(await pinProcess({ tid: sleeper.pid, name: 'sh', role: 'client' }, [entry('client', [first])])).toEqual({
      ...entry('client', [first]),
      name: 'sh',
    });
  });

  it('is nothing where there are no CPUs', () => {
    expect(launchPrefix([])).toEqual([]);
    expect(launchPrefix([3, 1, 2])).toEqual(['taskset', '--cpu-list', '1-3']);
  });
});

describe('pinThreads', () => {
  it('gives the nth thread of a role the nth entry of the plan, and leaves other roles alone', async () => {
    await using one = await start(['sleep', '60']);
    await using two = await start(['sleep', '60']);
    await using other = await start(['sleep', '60']);
    const last = allowed.at(-1) ?? first;
    const plan = [entry('vcpu', [last]), { ...entry('vcpu', [first]), status: 'shared' as const, reason: 'few' }];
    const pins = await pinThreads(
      [
        { tid: one.pid, name: 'CPU 0', role: 'vcpu' },
        { tid: other.pid, name: 'vhost', role: 'vhost' },
        { tid: two.pid, name: 'CPU 1', role: 'vcpu' },
      ],
      plan,
    );
    expect(pins).toEqual([
      { role: 'vcpu', name: 'CPU 0', cpus: [last], status: 'pinned', reason: null },
      { role: 'vcpu', name: 'CPU 1', cpus: [first], status: 'shared', reason: 'few' },
    ]);
    expect([one, two, other].map(({ pid }) => cpuListText(cpusNow(pid) ?? []))).toEqual([
      cpuListText([last]),
      cpuListText([first]),
      cpuListText(allowed),
    ]);
  });

  it('pins every thread of a role on the one entry that there is', async () => {
    await using one = await start(['sleep', '60']);
    await using two = await start(['sleep', '60']);
    const threads = [one, two].map(({ pid }) => ({ tid: pid, name: 'worker', role: 'vmm' as const }));
    expect(await pinThreads(threads, [entry('vmm', [first])])).toHaveLength(2);
    expect([cpusNow(one.pid), cpusNow(two.pid)]).toEqual([[first], [first]]);
  });

  it('records a refusal of the kernel and of the plan', async () => {
    await using one = await start(['sleep', '60']);
    const threads = [{ tid: one.pid, name: 'qemu', role: 'vmm' as const }];
    const [byKernel] = await pinThreads(threads, [entry('vmm', [absentCpu])]);
    expect(byKernel).toMatchObject({ name: 'qemu', status: 'refused' });
    expect(byKernel?.reason).toMatch(/Invalid argument|CPU list/);
    const planned: Pin = { ...entry('vmm', [9]), status: 'refused', reason: 'this machine has no CPU 9' };
    expect(await pinThreads(threads, [planned])).toEqual([{ ...planned, name: 'qemu' }]);
  });
});
