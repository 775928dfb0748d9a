import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { elfInterpreter, isElf, readElf } from '../image/elf.ts';

/** As enter.sh has it. */
export const programFolders = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'] as const;

/** As many as the kernel follows (path_resolution(7)). */
const mostLinks = 40;
const runByOwner = 0o100;
/** A larger program is not looked into. */
const mostProgramBytes = 256 * 1024 ** 2;

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

/**
 * The file that a path leads to where `folder` is the root, as a path of this machine: no link and no `..` leads out of it. null where there is none.
 * The last step is a plain file.
 */
export async function fileInTree(folder: string, path: string): Promise<string | null> {
  const names = namesOf(path);
  let place: string[] = [];
  for (let links = 0; names.length > 0; ) {
    const name = names.shift() ?? '';
    if (name === '..') {
      place = place.slice(0, -1);
      continue;
    }
    const next = join(folder, ...place, name);
    const stats = await lstat(next).catch(() => null);
    if (stats === null) return null;
    if (stats.isSymbolicLink()) {
      if (links++ >= mostLinks) return null;
      const target = await readlink(next);
      names.unshift(...namesOf(target));
      if (target.startsWith('/')) place = [];
      continue;
    }
    if (names.length === 0) return stats.isFile() ? next : null;
    if (!stats.isDirectory()) return null;
    place = [...place, name];
  }
  return null;
}

/** Why a program can't be run in the root file system that is a folder; null where nothing speaks against it. */
export async function programProblem(folder: string, program: string): Promise<string | null> {
  for (const place of programFolders) {
    const file = await fileInTree(folder, `${place}/${program}`);
    const stats = file === null ? null : await lstat(file);
    if (file === null || stats === null || (stats.mode & runByOwner) === 0) continue;
    const bytes = stats.size > mostProgramBytes ? Buffer.alloc(0) : await readFile(file);
    const loader = isElf(bytes) ? elfInterpreter(readElf(bytes, file)) : null;
    if (loader === null || (await fileInTree(folder, loader)) !== null) return null;
    return `its /${place}/${program} needs ${loader}, which is not there`;
  }
  return `it has no ${program}: install it there (apk add ${program}, apt-get install ${program})`;
}
