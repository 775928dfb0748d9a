import { realpath, stat } from 'node:fs/promises';
import type { FileMemory } from './file-memory.ts';
import { findHostPackages } from './host-packages.ts';
import { imageRequirements } from './image-requirements-table.ts';
import { guestLibraryPath, librariesOf } from './library-closure.ts';
import type { HostFile } from './manifest.ts';
import { demandProgram } from './program-path.ts';

/**
 * Programs that are copied into the image.
 * @param wanted programs of workloads: those that not every image has are in the images that were asked for with them
 */
export function guestPrograms(wanted: readonly string[] = []): readonly string[] {
  return imageRequirements
    .filter(({ role, program }) => role === 'guest' || (role === 'workload' && wanted.includes(program)))
    .map(({ program }) => program);
}

type Placed = Pick<HostFile, 'kind' | 'path' | 'source'>;

/** Where a program lies in the guest. */
export function guestProgramPath(name: string): string {
  return `bin/${name}`;
}

async function placedFiles(name: string): Promise<Placed[]> {
  const source = await demandProgram(name);
  const libraries = await librariesOf(source);
  return [
    { kind: 'program', path: guestProgramPath(name), source },
    ...(await Promise.all(
      libraries.map(async (library): Promise<Placed> => {
        return { kind: 'library', path: guestLibraryPath(library, libraries), source: await realpath(library.path) };
      }),
    )),
  ];
}

/**
 * The programs of the guest and the libraries that they need, as they are on this host now, sorted by path.
 * @param wanted see `guestPrograms`
 * @throws TapbenchError `IMAGE_FAILED` when a program is not installed; ParseError when one can't be read or lacks a library
 */
export async function findHostFiles(memory: FileMemory, wanted: readonly string[] = []): Promise<HostFile[]> {
  const placed = (await Promise.all(guestPrograms(wanted).map(placedFiles))).flat();
  const byPath = new Map(placed.map((file) => [file.path, file]));
  const files = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const packages = await findHostPackages(files.map(({ source }) => source));
  return Promise.all(
    files.map(async (file) => ({
      ...file,
      sha256: await memory.sha256(file.source),
      bytes: (await stat(file.source)).size,
      package: packages.get(file.source) ?? null,
    })),
  );
}
