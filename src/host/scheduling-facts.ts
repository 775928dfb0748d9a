import type { HostFacts } from '../record/host.ts';
import type { MachineFiles } from './machine-files.ts';

type Scheduling = HostFacts['scheduling'];
type CpuGroup = NonNullable<NonNullable<Scheduling>['cpuGroup']>;

/** sched(7); the numbers of include/uapi/linux/sched.h. */
const policies: Readonly<Record<number, string>> = {
  0: 'other',
  1: 'fifo',
  2: 'rr',
  3: 'batch',
  5: 'idle',
  6: 'deadline',
  7: 'ext',
};

/** proc_pid_stat(5): nice is field 19, policy 41; the name, which may hold spaces, is field 2. */
function ownPriority(files: MachineFiles): { nice: number | null; policy: string | null } {
  const fields = (files.text('/proc/self/stat') ?? '').replace(/^.*\) /s, '').split(' ');
  const [nice, policy] = [fields[16], fields[38]].map((text) => (text === undefined ? null : Number(text)));
  return {
    nice: nice ?? null,
    policy: policy === null || policy === undefined ? null : (policies[policy] ?? String(policy)),
  };
}

/** cgroups(7), `cpu` of version 1: cpu.shares, and the quota a period in us (-1: none). */
function group1(files: MachineFiles, path: string): CpuGroup | null {
  const folder = ['cpu,cpuacct', 'cpu']
    .map((name) => `/sys/fs/cgroup/${name}${path}`)
    .find((one) => files.text(`${one}/cpu.shares`) !== null);
  if (folder === undefined) return null;
  const quota = files.number(`${folder}/cpu.cfs_quota_us`);
  const period = files.text(`${folder}/cpu.cfs_period_us`);
  return {
    path,
    version: 1,
    weight: files.number(`${folder}/cpu.shares`),
    limit: quota === null || quota < 0 ? null : `${String(quota)} ${period ?? ''}`.trim(),
  };
}

/** Documentation/admin-guide/cgroup-v2.rst. The root has neither file: nothing weighs it, nothing limits it. */
function group2(files: MachineFiles, path: string): CpuGroup {
  const folder = `/sys/fs/cgroup${path}`;
  const limit = files.text(`${folder}/cpu.max`);
  return {
    path,
    version: 2,
    weight: files.number(`${folder}/cpu.weight`),
    limit: limit === null || limit.startsWith('max') ? null : limit,
  };
}

/** The control group by which the kernel shares out CPUs to us; null where it says none. */
function cpuGroup(files: MachineFiles): CpuGroup | null {
  const lines = (files.text('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  const path1 = lines.find(([, controllers]) => controllers?.split(',').includes('cpu'))?.[2];
  if (path1 !== undefined) return group1(files, path1);
  const path2 = lines.find(([hierarchy, controllers]) => hierarchy === '0' && controllers === '')?.[2];
  return path2 === undefined ? null : group2(files, path2);
}

/**
 * How the kernel schedules what we start: the VMM, servers and clients are processes of our own session, and have our priority and our control
 * group. Autogroup weighs sessions against each other, but only in the root of the control groups (sched(7)).
 */
export function schedulingFacts(files: MachineFiles): NonNullable<Scheduling> {
  const enabled = files.text('/proc/sys/kernel/sched_autogroup_enabled');
  const autogroupNice = /nice (-?\d+)$/.exec(files.text('/proc/self/autogroup') ?? '')?.[1];
  return {
    isAutogroupOn: enabled === null ? null : enabled !== '0',
    autogroupNice: autogroupNice === undefined ? null : Number(autogroupNice),
    ...ownPriority(files),
    cpuGroup: cpuGroup(files),
    features: files.text('/sys/kernel/debug/sched/features')?.split(/\s+/) ?? null,
    extension: files.text('/sys/kernel/sched_ext/root/ops'),
  };
}
