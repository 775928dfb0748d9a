import type { MachineFiles } from './machine-files.ts';
import { memoryInfoBytes } from './memory-facts.ts';

/** How much memory processes of ours may still take. */
export interface MemoryRoom {
  readonly bytes: number;
  /** What sets the bound. */
  readonly by: string;
}

/** The files of one version of control groups, and what their numbers are called. */
interface GroupFiles {
  readonly root: string;
  readonly limit: string;
  readonly usage: string;
  /** Of memory.stat, with all groups below: pages of files, which the kernel takes back when it needs them. Those of shared memory are not in them. */
  readonly reclaimable: readonly string[];
}

/** Documentation/admin-guide/cgroup-v2.rst. */
const version2: GroupFiles = {
  root: '/sys/fs/cgroup',
  limit: 'memory.max',
  usage: 'memory.current',
  reclaimable: ['inactive_file', 'active_file'],
};

/** Documentation/admin-guide/cgroup-v1/memory.rst. Without a limit there is one of almost 2^63. */
const version1: GroupFiles = {
  root: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  reclaimable: ['total_inactive_file', 'total_active_file'],
};

function roomIn(files: MachineFiles, folder: string, { limit, usage, reclaimable }: GroupFiles): number | null {
  const most = files.number(`${folder}/${limit}`);
  const used = files.number(`${folder}/${usage}`);
  // `max` is no number.
  if (most === null || used === null) return null;
  const stat = files.text(`${folder}/memory.stat`) ?? '';
  const pages = reclaimable.map((name) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(stat)?.[1] ?? 0));
  return Math.max(0, most - used + pages.reduce((sum, bytes) => sum + bytes, 0));
}

/** A group's path and those of the groups that it is in. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  return names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`).concat('');
}

/** Of our own group and each that it is in. In a container they may not be where /proc says: its own are then at the top. */
function groupRooms(files: MachineFiles): MemoryRoom[] {
  const lines = (files.text('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
  return lines.flatMap(([hierarchy, controllers = '', path = '/']) => {
    const isFirst = controllers.split(',').includes('memory');
    if (!isFirst && hierarchy !== '0') return [];
    const group = isFirst ? version1 : version2;
    return upwards(path).flatMap((each): MemoryRoom[] => {
      const bytes = roomIn(files, `${group.root}${each}`, group);
      return bytes === null ? [] : [{ bytes, by: `the limit of control group ${each === '' ? '/' : each}` }];
    });
  });
}

/** The least of what the kernel has and what control groups leave; null where the kernel says neither. */
export function memoryRoom(files: MachineFiles): MemoryRoom | null {
  const available = memoryInfoBytes(files, 'MemAvailable');
  const all = [...(available === null ? [] : [{ bytes: available, by: 'MemAvailable' }]), ...groupRooms(files)];
  return all.reduce<MemoryRoom | null>((least, one) => (least === null || one.bytes < least.bytes ? one : least), null);
}
