import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { BuildFolder, removeStaleBuildFolders } from './build-folder.ts';

describe('removeStaleBuildFolders', () => {
  it('removes the folder of a process that is gone, with all that is in it', async () => {
    await using parent = await temporaryFolder();
    // This pid lives, but its start time says that it is another process than the one that made the folder.
    const stale = `.building-${String(process.pid)}-1-abcd`;
    await mkdir(join(parent.path, stale, 'work'), { recursive: true });
    await writeFile(join(parent.path, stale, 'work', 'vmlinux'), 'half');
    expect(await removeStaleBuildFolders(parent.path)).toEqual([stale]);
    expect(await readdir(parent.path)).toEqual([]);
  });

  it('leaves a live build alone, and what has another name', async () => {
    await using parent = await temporaryFolder();
    await using build = await BuildFolder.create(parent.path);
    await mkdir(join(parent.path, '.building'));
    expect(await removeStaleBuildFolders(parent.path)).toEqual([]);
    expect(await readdir(build.path)).toEqual([]);
  });

  it('is content where nothing was ever built', async () => {
    expect(await removeStaleBuildFolders('/nonexistent')).toEqual([]);
  });
});

describe('BuildFolder', () => {
  it('is gone when it is disposed of', async () => {
    await using parent = await temporaryFolder();
    {
      await using build = await BuildFolder.create(parent.path);
      await writeFile(join(build.path, 'x'), '');
    }
    expect(await readdir(parent.path)).toEqual([]);
  });
});
