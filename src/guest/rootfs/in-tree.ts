import { basename, dirname } from 'node:path';
import { elfInterpreter, isElf, readElf } from '../image/elf.ts';
import type { FoundEntry, RootfsFiles } from './rootfs-files.ts';

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
 * What a path leads to in a root file system: no link and no `..` leads out of it. null where there is nothing, or what is neither file nor folder.
 */
export async function followed(files: RootfsFiles, path: string): Promise<FoundEntry | null> {
  const names = namesOf(path);
  let found: FoundEntry = { path: '', kind: 'folder', mode: 0 };
  for (let links = 0; names.length > 0; ) {
    if (found.kind !== 'folder') return null;
    const name = names.shift() ?? '';
    const next = name === '..' ? found.path.slice(0, found.path.lastIndexOf('/')) : `${found.path}/${name}`;
    const entry = next === '' ? { kind: 'folder' as const, mode: 0 } : await files.look(next);
    if (entry === null) return null;
    if (entry.kind !== 'link') {
      found = { path: next, ...entry };
      continue;
    }
    if (links++ >= mostLinks) return null;
    names.unshift(...namesOf(entry.target));
    if (entry.target.startsWith('/')) found = { path: '', kind: 'folder', mode: 0 };
  }
  return found;
}

/** Where the last name of a path stands or is to stand, without a link on the way; null where that is in no folder. */
export async function placeIn(files: RootfsFiles, path: string): Promise<string | null> {
  const parent = await followed(files, dirname(path));
  return parent?.kind === 'folder' ? `${parent.path}/${basename(path)}` : null;
}

/** The plain file that a path leads to; null where it is none. */
export async function fileIn(files: RootfsFiles, path: string): Promise<FoundEntry | null> {
  const found = await followed(files, path);
  return found?.kind === 'file' ? found : null;
}

/** What is not there of all that a program needs to be started: its loader. null where it is there, or it needs none. */
export async function missingLoader(files: RootfsFiles, program: FoundEntry): Promise<string | null> {
  const bytes = await files.read(program.path, mostProgramBytes);
  const loader = isElf(bytes) ? elfInterpreter(readElf(bytes, program.path)) : null;
  return loader === null || (await fileIn(files, loader)) !== null ? null : loader;
}

/** Whether its owner, who is root, may run it. */
export function isRun({ mode }: FoundEntry): boolean {
  return (mode & runByOwner) !== 0;
}

/** Why a program can't be run in a root file system; null where nothing speaks against it. */
export async function programProblem(files: RootfsFiles, program: string): Promise<string | null> {
  for (const place of programFolders) {
    const found = await fileIn(files, `${place}/${program}`);
    if (found === null || !isRun(found)) continue;
    const loader = await missingLoader(files, found);
    return loader === null ? null : `its /${place}/${program} needs ${loader}, which is not there`;
  }
  return `it has no ${program}: install it there (apk add ${program}, apt-get install ${program})`;
}
