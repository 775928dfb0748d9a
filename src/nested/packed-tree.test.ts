import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { readTree } from '../guest/rootfs/tree.ts';
import { run } from '../lab/process.ts';
import { jobScript, nestedPaths } from './job.ts';
import { packTrees } from './packed-tree.ts';

const { signal } = new AbortController();

describe('a folder that goes along as a root file system', () => {
  it('is the same tree where the job of the nested machine has unpacked it', async () => {
    await using folder = await temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const tree = at("a tree's");
    await mkdir(join(tree, 'var/empty'), { recursive: true });
    await mkdir(join(tree, 'bin'));
    await writeFile(join(tree, 'bin/su'), 'su', { mode: 0o755 });
    await chmod(join(tree, 'bin/su'), 0o4755);
    await chmod(join(tree, 'var/empty'), 0o1777);
    await symlink('/nowhere', join(tree, 'link'));
    await run(['mkfifo', join(tree, 'pipe')], { deadlineMs: 5_000 });
    const before = await readTree(tree, signal);
    const trees = await packTrees([tree], { workFolder: at('trees'), signal });
    const script = jobScript({ commands: [], tapbench: [], hasVmms: false, trees, workingFolder: at('work') })
      .replaceAll(nestedPaths.results, at('out'))
      .replaceAll(`${nestedPaths.job}/trees`, at('trees'))
      .replaceAll(folder.path, at('there'))
      .replaceAll(at('there/trees'), at('trees'));
    await run(['bash', '-c', script], { deadlineMs: 10_000 });
    expect(await readTree(at("there/a tree's"), signal)).toEqual(before);
  });

  it('is refused where it does not fit', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'large'), 'x'.repeat(5_000));
    const options = { workFolder: join(folder.path, 'trees'), signal, mostBytes: 4_096 };
    await expect(packTrees([folder.path], options)).rejects.toMatchObject({
      code: 'EXPERIMENT_INVALID',
      message: expect.stringContaining('does not fit into a nested machine as a folder') as string,
    });
  });
});
