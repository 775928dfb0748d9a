import { chmod, mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/sample/temporary-folder.ts';
import { run } from '../../lab/process.ts';
import { type RootfsTree, readTree as readTreeUntil } from './tree.ts';

const readTree = async (folder: string): Promise<RootfsTree> =>
  await readTreeUntil(folder, new AbortController().signal);

async function fill(folder: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'bin/tool'), 'a tool', { mode: 0o755 });
  await symlink('/etc/passwd', join(folder, 'link'));
}

describe('readTree', () => {
  it('gives the same for the same content, and counts whole blocks', async () => {
    await using first = await temporaryFolder();
    await using second = await temporaryFolder();
    for (const { path } of [first, second]) await fill(path);
    const tree = await readTree(first.path);
    expect(await readTree(second.path)).toEqual(tree);
    expect(tree).toMatchObject({ entries: 3, bytes: 4_096 });
  });

  it.each<[string, (folder: string) => Promise<unknown>]>([
    ['content', (folder) => writeFile(join(folder, 'bin/tool'), 'another')],
    ['rights', (folder) => chmod(join(folder, 'bin/tool'), 0o700)],
    ['a name', (folder) => writeFile(join(folder, 'new'), '')],
    ['an empty folder', (folder) => mkdir(join(folder, 'empty'))],
  ])('changes with %s', async (_, change) => {
    await using folder = await temporaryFolder();
    await fill(folder.path);
    const { sha256 } = await readTree(folder.path);
    await change(folder.path);
    expect((await readTree(folder.path)).sha256).not.toBe(sha256);
  });

  it('follows no link and opens no pipe', async () => {
    await using folder = await temporaryFolder();
    await symlink('/', join(folder.path, 'root'));
    await symlink('loop', join(folder.path, 'loop'));
    await run(['mkfifo', join(folder.path, 'pipe')], { deadlineMs: 5_000 });
    expect(await readTree(folder.path)).toMatchObject({ entries: 3, bytes: 0 });
  });

  it('refuses a tree in which something is mounted', async () => {
    // Its devices are passed by.
    await expect(readTree('/dev')).rejects.toMatchObject({
      code: 'EXPERIMENT_INVALID',
      message: expect.stringContaining('another file system is mounted there') as string,
    });
  });

  it.each([
    // Files there say that they are empty, and aren't.
    ['/proc/self/net', 'it is longer than it says'],
    ['/proc/self/attr', "it can't be read"],
  ])('refuses %s, in words', async (folder, message) => {
    await expect(readTree(folder)).rejects.toMatchObject({
      code: 'EXPERIMENT_INVALID',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses folders that are nested deeper than a path is long', async () => {
    await using folder = await temporaryFolder();
    const [first, second] = [Array<string>(12).fill('f'.repeat(200)), Array<string>(12).fill('s'.repeat(200))];
    for (const names of [first, second]) await mkdir(join(folder.path, ...names), { recursive: true });
    await rename(join(folder.path, second[0] ?? ''), join(folder.path, ...first, 's'));
    const failure = await readTree(folder.path).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'EXPERIMENT_INVALID' });
    expect(String(failure)).toMatch(/^.{0,400}nested too deep$/);
    // Node's own names each by its whole path.
    await run(['rm', '-rf', folder.path], { deadlineMs: 5_000 });
  });

  it('ends with a signal, also within a large file', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'large'), '');
    await truncate(join(folder.path, 'large'), 8 * 1024 ** 3);
    const ends = new AbortController();
    const reading = readTreeUntil(folder.path, ends.signal);
    ends.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
