import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { allowedCpus, readCpuTopology } from './cpu-topology.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function machine(files: Readonly<Record<string, string>>): string {
  const root = machineFolder(files);
  folders.push(root);
  return root;
}

/** Files of one CPU of a machine with two sockets, each with two cores of two threads: siblings are 4 apart. */
function cpuFiles(cpu: number): [string, string][] {
  const first = cpu % 4;
  const socket = first < 2 ? 0 : 1;
  const own = `cpu${String(cpu)}`;
  return [
    [`${own}/topology/thread_siblings_list`, `${String(first)},${String(first + 4)}\n`],
    [`${own}/topology/physical_package_id`, `${String(socket)}\n`],
    [`${own}/topology/core_id`, `${String(first % 2)}\n`],
    [`${own}/cache/index0/level`, '1\n'],
    [`${own}/cache/index0/shared_cpu_list`, `${String(first)},${String(first + 4)}\n`],
    [`${own}/cache/index3/level`, '3\n'],
    [`${own}/cache/index3/shared_cpu_list`, socket === 0 ? '0-1,4-5\n' : '2-3,6-7\n'],
    [`${own}/node${String(socket)}/cpulist`, ''],
  ];
}

const twoSockets = {
  online: '0-6\n',
  present: '0-7\n',
  'cpuidle/current_driver': 'none\n',
  ...Object.fromEntries([0, 1, 2, 3, 4, 5, 6].flatMap(cpuFiles)),
};

const status = { 'proc-status': 'Name:\tx\nCpus_allowed:\t0f\nCpus_allowed_list:\t0-2,5\n' };

describe('readCpuTopology', () => {
  it('knows siblings, caches and nodes, and which CPUs are offline', () => {
    const root = machine({ ...twoSockets, ...status });
    const topology = readCpuTopology(root, join(root, 'proc-status'));
    expect(topology.cpus).toHaveLength(7);
    expect(topology.cpus[5]).toEqual({ cpu: 5, core: 'cpu1', node: 0, cache: '0-1,4-5' });
    expect(topology.cpus[1]).toEqual({ cpu: 1, core: 'cpu1', node: 0, cache: '0-1,4-5' });
    expect(topology.cpus[3]).toEqual({ cpu: 3, core: 'cpu3', node: 1, cache: '2-3,6-7' });
    expect(topology.present).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(topology.allowed).toEqual([0, 1, 2, 5]);
  });

  it('finds the CPUs by their folders where sysfs has no lists', () => {
    const root = machine({ 'cpu0/uevent': '', 'cpu1/online': '0\n', 'cpu2/online': '1\n', 'cpufreq/x': '' });
    const topology = readCpuTopology(root, '/nowhere');
    expect(topology.cpus).toEqual([
      { cpu: 0, core: 'cpu0', node: null, cache: null },
      { cpu: 2, core: 'cpu2', node: null, cache: null },
    ]);
    expect(topology.present).toEqual([0, 1, 2]);
    expect(topology.allowed).toEqual([0, 2]);
  });

  it('tells cores of one number in two packages apart where siblings are not listed', () => {
    const ids = (cpu: number, socket: number): [string, string][] => [
      [`cpu${String(cpu)}/topology/physical_package_id`, String(socket)],
      [`cpu${String(cpu)}/topology/core_id`, '0'],
    ];
    const root = machine(Object.fromEntries([...ids(0, 0), ...ids(1, 1), ...ids(2, 1)]));
    const [first, second, third] = readCpuTopology(root).cpus.map(({ core }) => core);
    expect(first).not.toBe(second);
    expect(second).toBe(third);
  });

  it('reads this machine', () => {
    const { cpus, allowed, present } = readCpuTopology();
    expect(cpus.length).toBeGreaterThan(0);
    expect(allowed.length).toBeGreaterThan(0);
    for (const cpu of allowed) expect(present).toContain(cpu);
  });
});

describe('allowedCpus', () => {
  it('is null for a text without the line', () => {
    expect(allowedCpus('Name:\tx\n')).toBeNull();
  });
});
