import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { machineFiles } from './machine-files.ts';
import { schedulingFacts } from './scheduling-facts.ts';

function factsOf(files: Readonly<Record<string, string>>): ReturnType<typeof schedulingFacts> {
  const root = machineFolder(files);
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  return schedulingFacts(machineFiles(root));
}

/** Field 2 with a parenthesis and a space in it, nice 5 (field 19), policy 3 (field 41). */
const stat = `4711 (a) b) S 1 4711 4711 0 -1 4194304 1 0 0 0 1 2 0 0 25 5 1 0 100 1000 10 ${'0 '.repeat(13)}17 1 0 3 0 0`;

describe('schedulingFacts', () => {
  it('says nothing where the kernel says nothing', () => {
    expect(factsOf({})).toEqual({
      isAutogroupOn: null,
      autogroupNice: null,
      nice: null,
      policy: null,
      cpuGroup: null,
      features: null,
      extension: null,
    });
  });

  it('reads autogroup, nice and policy of the own process', () => {
    const facts = factsOf({
      '/proc/sys/kernel/sched_autogroup_enabled': '1\n',
      '/proc/self/autogroup': '/autogroup-4 nice -2\n',
      '/proc/self/stat': stat,
      '/sys/kernel/debug/sched/features': 'PLACE_LAG NO_HRTICK\n',
      '/sys/kernel/sched_ext/root/ops': 'simple\n',
    });
    expect(facts).toMatchObject({ isAutogroupOn: true, autogroupNice: -2, nice: 5, policy: 'batch' });
    expect(facts).toMatchObject({ features: ['PLACE_LAG', 'NO_HRTICK'], extension: 'simple' });
  });

  it('reads weight and limit of a control group of version 2', () => {
    const folder = '/sys/fs/cgroup/system.slice/cron.service';
    const files = {
      '/proc/self/cgroup': '0::/system.slice/cron.service\n',
      [`${folder}/cpu.weight`]: '100\n',
      [`${folder}/cpu.max`]: 'max 100000\n',
    };
    const group = { path: '/system.slice/cron.service', version: 2, weight: 100, limit: null };
    expect(factsOf(files).cpuGroup).toEqual(group);
    expect(factsOf({ ...files, [`${folder}/cpu.max`]: '150000 100000\n' }).cpuGroup).toEqual({
      ...group,
      limit: '150000 100000',
    });
  });

  it('reads those of version 1, whatever its hierarchy is mounted as', () => {
    for (const name of ['cpu', 'cpu,cpuacct']) {
      const folder = `/sys/fs/cgroup/${name}/ci`;
      const facts = factsOf({
        '/proc/self/cgroup': `8:pids:/\n1:${name}:/ci\n0::/\n`,
        [`${folder}/cpu.shares`]: '512\n',
        [`${folder}/cpu.cfs_quota_us`]: '50000\n',
        [`${folder}/cpu.cfs_period_us`]: '100000\n',
      });
      expect(facts.cpuGroup).toEqual({ path: '/ci', version: 1, weight: 512, limit: '50000 100000' });
    }
  });
});
