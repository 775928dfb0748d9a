import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { fileIn, programProblem } from './in-tree.ts';
import { folderFiles } from './rootfs-files.ts';

describe('fileIn', () => {
  it('takes links as they lead inside, absolute ones too', async () => {
    await using folder = await temporaryFolder();
    const at = (path: string) => join(folder.path, path);
    await mkdir(at('usr/bin'), { recursive: true });
    await writeFile(at('usr/bin/tool'), '');
    await symlink('usr/bin', at('bin'));
    await symlink('/usr/bin/tool', at('usr/bin/absolute'));
    await symlink('../../../../../bin/tool', at('usr/bin/up'));
    for (const path of ['bin/tool', '/bin/absolute', 'usr/bin/up', 'bin/../bin/./tool'])
      expect(await fileIn(folderFiles(folder.path), path)).toMatchObject({ path: '/usr/bin/tool', kind: 'file' });
  });

  it('finds nothing outside of it', async () => {
    await using folder = await temporaryFolder();
    const at = (path: string) => join(folder.path, path);
    await symlink('/etc/passwd', at('link'));
    await symlink('/', at('root'));
    await symlink('loop', at('loop'));
    for (const path of ['link', 'root/etc/passwd', 'root', '../etc/passwd', 'loop', 'loop/x', ''])
      expect(await fileIn(folderFiles(folder.path), path)).toBeNull();
  });
});

describe('programProblem', () => {
  it('tells one that is missing, and one whose C library is', async () => {
    await using folder = await temporaryFolder();
    const at = (path: string) => join(folder.path, path);
    await mkdir(at('usr/bin'), { recursive: true });
    expect(await programProblem(folderFiles(folder.path), 'iperf3')).toContain('it has no iperf3: install it there');
    await writeFile(at('usr/bin/iperf3'), 'no right to run');
    expect(await programProblem(folderFiles(folder.path), 'iperf3')).toContain('it has no iperf3');
    // A program that asks for a loader.
    await copyFile('/bin/ls', at('usr/bin/ls'));
    expect(await programProblem(folderFiles(folder.path), 'ls')).toMatch(
      /^its \/usr\/bin\/ls needs \/lib.*, which is not there$/,
    );
    await writeFile(at('usr/bin/script'), '#!/bin/sh\n', { mode: 0o755 });
    expect(await programProblem(folderFiles(folder.path), 'script')).toBeNull();
  });
});
