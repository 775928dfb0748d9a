import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { machineFolder } from '../../test/sample/machine-folder.ts';
import { machineFiles } from './machine-files.ts';
import { memoryRoom } from './memory-room.ts';

function roomOf(files: Readonly<Record<string, string>>): ReturnType<typeof memoryRoom> {
  const root = machineFolder(files);
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  return memoryRoom(machineFiles(root));
}

const mebibyte = 1024 ** 2;
const meminfo = { '/proc/meminfo': 'MemTotal:        8388608 kB\nMemAvailable:    4194304 kB\n' };
const bytes = (mebibytes: number): string => `${String(mebibytes * mebibyte)}\n`;

it('without control groups there is what the kernel says is available', () => {
  expect(roomOf(meminfo)).toEqual({ bytes: 4096 * mebibyte, by: 'MemAvailable' });
  expect(roomOf({})).toBeNull();
});

it('the limit of a control group above ours counts, less what is used and cannot be taken back', () => {
  const slice = '/sys/fs/cgroup/ci.slice';
  const files = {
    ...meminfo,
    '/proc/self/cgroup': '0::/ci.slice/job.scope\n',
    [`${slice}/job.scope/memory.max`]: 'max\n',
    [`${slice}/job.scope/memory.current`]: bytes(300),
    [`${slice}/memory.max`]: bytes(2048),
    [`${slice}/memory.current`]: bytes(1000),
    [`${slice}/memory.stat`]: `anon ${bytes(500)}inactive_file ${bytes(200)}active_file ${bytes(100)}`,
  };
  expect(roomOf(files)).toEqual({ bytes: 1348 * mebibyte, by: 'the limit of control group /ci.slice' });
  expect(roomOf({ ...files, [`${slice}/memory.max`]: bytes(65_536) })?.by).toBe('MemAvailable');
  // Used up beyond it: the limit was set after that.
  expect(roomOf({ ...files, [`${slice}/memory.max`]: bytes(100) })?.bytes).toBe(0);
});

it('so does one of version 1, and the one at the top of a container', () => {
  const files = (folder: string) => ({
    ...meminfo,
    '/proc/self/cgroup': '4:memory:/docker/1f\n0::/\n',
    [`${folder}/memory.limit_in_bytes`]: bytes(1024),
    [`${folder}/memory.usage_in_bytes`]: bytes(512),
    [`${folder}/memory.stat`]: `total_inactive_file ${bytes(64)}total_active_file 0\n`,
  });
  expect(roomOf(files('/sys/fs/cgroup/memory/docker/1f'))).toMatchObject({ bytes: 576 * mebibyte });
  expect(roomOf(files('/sys/fs/cgroup/memory'))).toMatchObject({ by: 'the limit of control group /' });
});
