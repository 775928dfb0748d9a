import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { distinctEntries, folderEntries, programEntries } from './disk-tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapbench-tree-'));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('what goes onto a disk', () => {
  it('has a program under its real name and the one it is asked for by, with its loader and libraries', async () => {
    const link = join(await realpath(folder), 'tool');
    symlinkSync(process.execPath, link);
    const entries = await programEntries(link);
    const real = await realpath(process.execPath);
    expect(entries).toContainEqual({ kind: 'file', path: real, source: real });
    expect(entries).toContainEqual({ kind: 'symlink', path: link, target: real });
    expect(entries.some(({ path }) => path.includes('/libc.so'))).toBe(true);
    expect(entries.some(({ path }) => path.includes('/ld-linux'))).toBe(true);
  });

  it('has a script alone', async () => {
    const script = join(await realpath(mkdtempSync(join(tmpdir(), 'tapbench-script-'))), 'vmm');
    writeFileSync(script, '#!/bin/sh\nexec qemu-system-x86_64 "$@"\n');
    expect(await programEntries(script)).toEqual([{ kind: 'file', path: script, source: script }]);
    rmSync(script);
  });

  it('has a folder as it is, its links too, without what is not wanted', async () => {
    mkdirSync(join(folder, 'tree/below'), { recursive: true });
    writeFileSync(join(folder, 'tree/below/kept'), '');
    writeFileSync(join(folder, 'tree/left.test.ts'), '');
    symlinkSync('below/kept', join(folder, 'tree/link'));
    const entries = await folderEntries(join(folder, 'tree'), '/there', (path) => !path.endsWith('.test.ts'));
    expect(distinctEntries(entries)).toEqual([
      { kind: 'file', path: '/there/below/kept', source: join(folder, 'tree/below/kept') },
      { kind: 'symlink', path: '/there/link', target: 'below/kept' },
    ]);
  });
});
