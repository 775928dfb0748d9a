import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { unpackResults } from './unpack-results.ts';

type Type = 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'FIFO' | 'CharacterDevice';

function entry(path: string, type: Type = 'File', text = ''): Buffer {
  const linkpath = type === 'SymbolicLink' || type === 'Link' ? '/etc/passwd' : '';
  const block = Buffer.alloc(512);
  new Header({ path, type, mode: 0o6777, size: text.length, mtime: new Date(0), linkpath, uid: 7, gid: 7 }).encode(
    block,
  );
  return Buffer.concat([block, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
}

const end = Buffer.alloc(1024);

/** Unpacks it from the start of a disk that is larger. */
async function unpacked(tar: Buffer, folder: string): Promise<string[]> {
  const disk = join(folder, 'disk');
  await writeFile(disk, Buffer.concat([tar, Buffer.alloc(65_536)]));
  await unpackResults(disk, tar.length, join(folder, 'results'));
  return (await readdir(join(folder, 'results'), { recursive: true })).sort();
}

describe('the results of a nested machine', () => {
  it('are its files and folders, of this user and with its rights, whatever the tar says', async () => {
    await using folder = await temporaryFolder();
    const tar = Buffer.concat([
      entry('./', 'Directory'),
      entry('./a/', 'Directory'),
      entry('./a/b', 'File', 'text'),
      end,
    ]);
    expect(await unpacked(tar, folder.path)).toEqual(['a', 'a/b']);
    const file = join(folder.path, 'results/a/b');
    expect(await readFile(file, 'utf8')).toBe('text');
    const { mode, uid } = await stat(file);
    expect({ mode: mode & 0o7777, uid }).toEqual({ mode: 0o640, uid: process.getuid?.() });
  });

  it.each<[string, Buffer, string]>([
    ['a symbolic link', entry('a', 'SymbolicLink'), 'SymbolicLink'],
    ['a hard link', entry('a', 'Link'), 'Link'],
    ['a named pipe', entry('a', 'FIFO'), 'FIFO'],
    ['a device', entry('a', 'CharacterDevice'), 'CharacterDevice'],
    ['a path that leads out', entry('../a', 'File', 'text'), '..'],
    ['an absolute path', entry('/tmp/a', 'File', 'text'), 'absolute'],
  ])('are refused with %s', async (_what, bytes, said) => {
    await using folder = await temporaryFolder();
    await expect(unpacked(Buffer.concat([bytes, end]), folder.path)).rejects.toMatchObject({
      code: 'VMM_FAILED',
      message: expect.stringContaining(said) as string,
    });
    expect(await readdir(join(folder.path, 'results'))).toEqual([]);
    expect((await readdir(folder.path)).sort()).toEqual(['disk', 'results']);
  });

  it('are refused where they are compressed, as they may then be of any size', async () => {
    await using folder = await temporaryFolder();
    const bomb = gzipSync(Buffer.concat([entry('a', 'File', 'x'.repeat(4 * 1024 ** 2)), end]));
    await expect(unpacked(bomb, folder.path)).rejects.toMatchObject({ code: 'VMM_FAILED' });
  });
});
