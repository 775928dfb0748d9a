import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { initramfsTree, modulePaths, readHostFiles } from './initramfs.ts';
import { sha256Of } from './sha256.ts';

const group = {
  folder: 'modules',
  modules: Array.from({ length: 11 }, (_, index) => ({
    name: `m${String(index)}`,
    content: Buffer.from(String(index)),
  })),
};
const parts = {
  initScript: '#!/bin/sh\n',
  moduleGroups: [group],
  hostFiles: new Map([['lib/x86_64-linux-gnu/libc.so.6', Buffer.from('libc')]]),
};

describe('initramfsTree', () => {
  const tree = initramfsTree(parts);

  it('makes /init an executable file with the given text', () => {
    expect(tree.get('init')).toEqual({ kind: 'file', mode: 0o755, content: Buffer.from('#!/bin/sh\n') });
  });

  it('has the console that the kernel opens before /init runs', () => {
    expect(tree.get('dev/console')).toEqual({ kind: 'character-device', mode: 0o600, major: 5, minor: 1 });
  });

  it('has the folders of what it holds', () => {
    expect(tree.get('lib/x86_64-linux-gnu')).toEqual({ kind: 'directory', mode: 0o755 });
    expect(tree.get('tmp')).toEqual({ kind: 'directory', mode: 0o1777 });
  });

  it('lists modules in the order of loading, and names that sort in it', () => {
    const paths = modulePaths(group);
    expect([...paths].sort()).toEqual(paths);
    const order = tree.get('modules/order');
    expect(order?.kind === 'file' ? Buffer.from(order.content).toString().split('\n').slice(0, 3) : null).toEqual([
      '00-m0.ko',
      '01-m1.ko',
      '02-m2.ko',
    ]);
  });
});

describe('readHostFiles', () => {
  it('refuses a file that changed since it was looked at', async () => {
    await using folder = await temporaryFolder();
    const source = join(folder.path, 'tool');
    await writeFile(source, 'new');
    const file = { kind: 'program', path: 'bin/tool', source, bytes: 3, package: null } as const;
    expect((await readHostFiles([{ ...file, sha256: sha256Of('new') }])).get('bin/tool')?.toString()).toBe('new');
    await expect(readHostFiles([{ ...file, sha256: sha256Of('old') }])).rejects.toThrow(
      /changed while the image was being built/,
    );
  });
});
