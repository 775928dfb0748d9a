import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findExecutable } from '../lab/executable.ts';
import { run } from '../lab/process.ts';
import { makeDiskImage } from './disk-image.ts';
import type { DiskEntry } from './disk-tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapbench-disk-'));
const debugfs = await findExecutable('debugfs');
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(debugfs === null)('a disk of the nested machine', () => {
  it('holds each kind of entry, made without mounting anything', async () => {
    const source = join(folder, 'program');
    writeFileSync(source, 'content', { mode: 0o755 });
    const entries: DiskEntry[] = [
      { kind: 'folder', path: '/proc' },
      { kind: 'file', path: '/usr/bin/program', source },
      { kind: 'text', path: '/init', text: '#!/bin/sh\n', mode: 0o755 },
      { kind: 'bytes', path: '/lib/one.ko', bytes: Buffer.from([1, 2]) },
      { kind: 'symlink', path: '/bin', target: 'usr/bin' },
      // What comes first under a path stays.
      { kind: 'text', path: '/init', text: 'another', mode: 0o644 },
    ];
    const file = join(folder, 'disk.ext4');
    await makeDiskImage({ entries, file, workFolder: join(folder, 'work'), freeBytes: 0 });
    const ask = async (request: string) =>
      (await run([debugfs ?? '', '-R', request, file], { deadlineMs: 10_000 })).stdout;
    expect(await ask('cat /usr/bin/program')).toBe('content');
    expect(await ask('cat /init')).toBe('#!/bin/sh\n');
    expect(await ask('stat /usr/bin/program')).toMatch(/Mode:\s+0755/);
    expect(await ask('stat /bin')).toContain('Fast link dest: "usr/bin"');
    expect(await ask('ls -p /')).toContain('/proc/');
  });
});
