import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vhostWorkers } from './vhost-workers.ts';

let proc: string;

beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'proc-'));
});
afterEach(() => {
  rmSync(proc, { recursive: true });
});

function thread(tid: number, of: { name: string; parent: number }): void {
  mkdirSync(join(proc, String(tid), 'task', String(tid)), { recursive: true });
  writeFileSync(join(proc, String(tid), 'comm'), `${of.name}\n`);
  writeFileSync(
    join(proc, String(tid), 'status'),
    `Name:\t${of.name}\nTgid:\t${String(tid)}\nPPid:\t${String(of.parent)}\n`,
  );
}

describe('the vhost workers outside of a process', () => {
  it('are threads of the kernel named after a thread of the process', () => {
    thread(4711, { name: 'qemu-system-x86', parent: 1 });
    mkdirSync(join(proc, '4711', 'task', '4713'));
    thread(4720, { name: 'vhost-4711', parent: 2 });
    thread(4721, { name: 'vhost-4713', parent: 2 });
    thread(4722, { name: 'vhost-4712', parent: 2 });
    mkdirSync(join(proc, 'sys'));
    expect(vhostWorkers(4711, proc)).toEqual([
      { tid: 4720, name: 'vhost-4711' },
      { tid: 4721, name: 'vhost-4713' },
    ]);
  });

  it('are not programs that bear such a name', () => {
    thread(4711, { name: 'qemu-system-x86', parent: 1 });
    thread(4720, { name: 'vhost-4711', parent: 4000 });
    expect(vhostWorkers(4711, proc)).toEqual([]);
  });

  it('are none where the process is gone', () => {
    thread(4720, { name: 'vhost-4711', parent: 2 });
    expect(vhostWorkers(4711, proc)).toEqual([]);
  });
});
