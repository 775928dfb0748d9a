import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isElf } from '../guest/image/elf.ts';
import { librariesOf } from '../guest/image/library-closure.ts';

/** One name on a disk of the level-one machine. Paths are absolute there, `source` is a file of this host. */
export type DiskEntry =
  | { readonly kind: 'file'; readonly path: string; readonly source: string }
  | { readonly kind: 'text'; readonly path: string; readonly text: string; readonly mode: number }
  | { readonly kind: 'bytes'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  | { readonly kind: 'folder'; readonly path: string };

/** Its folder without symbolic links (a merged /usr has several), its own name as it is. */
async function placeOf(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}

/** A file of the host at the same path: under its real name, and under the name that it is asked for by. */
async function sameFile(path: string): Promise<DiskEntry[]> {
  const [place, source] = [await placeOf(path), await realpath(path)];
  const file: DiskEntry = { kind: 'file', path: source, source };
  return place === source ? [file] : [file, { kind: 'symlink', path: place, target: source }];
}

/**
 * The dynamic loader and the libraries of a program, at the paths that they have on this host.
 * @throws ParseError where one is missing or the program is no ELF file; PROCESS_FAILED
 */
export async function libraryEntries(program: string): Promise<DiskEntry[]> {
  const libraries = await librariesOf(await realpath(program));
  return (await Promise.all(libraries.map(async ({ path }) => await sameFile(path)))).flat();
}

/** Whether a file is a binary program: a script needs no libraries. */
export async function isBinary(file: string): Promise<boolean> {
  return isElf(await readFile(file));
}

/** A program of this host with all that it loads, at the same path; a script goes alone. @throws as `libraryEntries` */
export async function programEntries(program: string): Promise<DiskEntry[]> {
  return [...(await sameFile(program)), ...((await isBinary(program)) ? await libraryEntries(program) : [])];
}

/** All that is in a folder, symbolic links as they are. `isWanted` is asked with the path below the folder. */
export async function folderEntries(
  source: string,
  path: string,
  isWanted: (relative: string) => boolean = () => true,
): Promise<DiskEntry[]> {
  const names = await readdir(source, { recursive: true, withFileTypes: true });
  const entries = names.map(async (entry): Promise<DiskEntry[]> => {
    const from = join(entry.parentPath, entry.name);
    const relative = from.slice(source.length + 1);
    const to = join(path, relative);
    if (!isWanted(relative)) return [];
    if (entry.isFile()) return [{ kind: 'file', path: to, source: from }];
    return entry.isSymbolicLink() ? [{ kind: 'symlink', path: to, target: await readlink(from) }] : [];
  });
  return (await Promise.all(entries)).flat();
}

/** Each path once, what came first, sorted: the same content in the same order whatever it was gathered by. */
export function distinctEntries(entries: readonly DiskEntry[]): DiskEntry[] {
  const byPath = new Map<string, DiskEntry>();
  for (const entry of entries) if (!byPath.has(entry.path)) byPath.set(entry.path, entry);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
