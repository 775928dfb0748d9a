import { lstat, mkdir, open, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/sample/temporary-folder.ts';
import { writeOutputFile, writeOutputText } from './output-file.ts';

const { signal } = new AbortController();
const writing = (text: string) => ({
  signal,
  write: async (draft: string) => writeFile(draft, text, { flag: 'wx' }),
});

describe('a file that a user asked for', () => {
  it('keeps the mode of the one that it replaces', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'out.md');
    await writeFile(file, 'before', { mode: 0o600 });
    await writeOutputText(file, 'after', signal);
    expect(await readFile(file, 'utf8')).toBe('after');
    expect((await lstat(file)).mode & 0o777).toBe(0o600);
  });

  it('is made, and replaced the next time', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'out.csv');
    await writeOutputFile(file, writing('one'));
    await writeOutputFile(file, writing('two'));
    expect(await readFile(file, 'utf8')).toBe('two');
    expect(await readdir(folder.path)).toEqual(['out.csv']);
  });

  it('is as it was where the writing fails', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'out.csv');
    await writeFile(file, 'before');
    const failing = async (draft: string) => {
      await writeFile(draft, 'half');
      throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    };
    await expect(writeOutputFile(file, { write: failing, signal })).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(folder.path)).toEqual(['out.csv']);
  });

  it('is as it was after a signal that came while it was written', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'out.csv');
    await writeFile(file, 'before');
    for (const isHeeded of [true, false]) {
      const interrupted = new AbortController();
      const write = async (draft: string) => {
        await writeFile(draft, 'after', { flag: 'wx' });
        interrupted.abort(new Error('interrupted'));
        if (isHeeded) await writeFile(draft, 'after', { signal: interrupted.signal });
      };
      await expect(writeOutputFile(file, { write, signal: interrupted.signal })).rejects.toThrow('interrupted');
    }
    expect(await readFile(file, 'utf8')).toBe('before');
    expect(await readdir(folder.path)).toEqual(['out.csv']);
  });

  it('is written through a link', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'real.csv'), 'before');
    await symlink('real.csv', join(folder.path, 'out.csv'));
    await writeOutputFile(join(folder.path, 'out.csv'), writing('after'));
    expect(await readFile(join(folder.path, 'real.csv'), 'utf8')).toBe('after');
    expect((await lstat(join(folder.path, 'out.csv'))).isSymbolicLink()).toBe(true);
  });

  it('stays in the folder that was looked at, whatever is put in its place meanwhile', async () => {
    await using folder = await temporaryFolder();
    const [asked, moved, elsewhere] = ['asked', 'moved', 'elsewhere'].map((name) => join(folder.path, name));
    if (asked === undefined || moved === undefined || elsewhere === undefined) throw new Error('there are three');
    await mkdir(asked);
    await mkdir(elsewhere);
    const write = async (draft: string) => {
      await rename(asked, moved);
      await symlink(elsewhere, asked);
      await writeFile(draft, 'text', { flag: 'wx' });
    };
    await writeOutputFile(join(asked, 'out.csv'), { write, signal });
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(moved)).toEqual(['out.csv']);
  });

  it('never takes the place of a device or a folder', async () => {
    await using folder = await temporaryFolder();
    await symlink('/dev/null', join(folder.path, 'device'));
    for (const output of ['/dev/null', join(folder.path, 'device'), folder.path]) {
      await expect(writeOutputFile(output, writing('x'))).rejects.toMatchObject({ code: 'USAGE' });
    }
    expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
    expect(await readdir(folder.path)).toEqual(['device']);
  });

  it('never takes the place of a link that only the kernel can follow, as /dev/stdout is in front of a pipe', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'gone');
    await using handle = await open(file, 'w');
    await rm(file);
    const link = join(folder.path, 'stdout');
    await symlink(`/proc/self/fd/${String(handle.fd)}`, link);
    await expect(writeOutputFile(link, writing('x'))).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(folder.path)).toEqual(['stdout']);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});
