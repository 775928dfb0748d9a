import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { run } from '../../lab/process.ts';
import { ParseError } from '../../record/error.ts';
import { elfInterpreter, readElf } from './elf.ts';

/** A shared library as the dynamic loader finds it. */
export interface LibraryFile {
  /** The name by which it is asked for (soname), or the loader's own path. */
  readonly name: string;
  /** As the loader says it, symbolic links and all. */
  readonly path: string;
}

const deadlineMs = 10_000;

/**
 * Reads what `ld.so --list` prints (it is what ldd(1) runs): `NAME => PATH (ADDRESS)`, and the loader as `PATH (ADDRESS)`.
 * The kernel's own linux-vdso has no file and is left out.
 * @throws ParseError when a library is not found
 */
export function parseLoaderList(text: string, program: string): LibraryFile[] {
  return text.split('\n').flatMap((line) => {
    const missing = /^\s*(\S+) => not found/.exec(line)?.[1];
    if (missing !== undefined)
      throw new ParseError({ file: program, path: missing }, 'the shared library is not installed');
    const [, name, path] = /^\s*(?:(\S+) => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line) ?? [];
    return path === undefined ? [] : [{ name: name ?? path, path }];
  });
}

/**
 * The dynamic loader and the shared libraries of a program; none for a static one.
 * The loader itself is asked: only it knows its configuration, and what a library needs in turn.
 * @throws ParseError, PROCESS_FAILED
 */
export async function librariesOf(program: string): Promise<LibraryFile[]> {
  const interpreter = elfInterpreter(readElf(await readFile(program), program));
  if (interpreter === null) return [];
  const { stdout } = await run([interpreter, '--list', program], {
    deadlineMs,
    // What a developer preloads does not belong into the guest.
    env: { LC_ALL: 'C', LD_PRELOAD: undefined, LD_LIBRARY_PATH: undefined },
  });
  const libraries = parseLoaderList(stdout, program).filter(({ path }) => basename(path) !== basename(interpreter));
  return [{ name: interpreter, path: interpreter }, ...libraries];
}

/**
 * Where libraries lie in the guest: all in the folder of the C library, which the loader searches without being told
 * (the guest has no ld.so.cache); the loader where programs ask for it. Without leading slash.
 */
export function guestLibraryPath(library: LibraryFile, all: readonly LibraryFile[]): string {
  if (library.name.startsWith('/')) return library.name.slice(1);
  const libc = all.find(({ name }) => name.startsWith('libc.so'));
  return `${dirname(libc?.path ?? '/lib/libc.so')}/${library.name}`.slice(1);
}
