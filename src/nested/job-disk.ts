import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { makeDiskImage } from './disk-image.ts';
import { type DiskEntry, folderEntries, isBinary, libraryEntries, programEntries } from './disk-tree.ts';
import { jobScript, type NestedCommand, nestedPaths } from './job.ts';
import { levelOneNode } from './level-one/plan.ts';
import { ownCode } from './own-code.ts';
import { packTrees } from './packed-tree.ts';

/** For what little a job writes there. */
const freeBytes = 16 * 1024 ** 2;

export interface JobDiskOptions {
  readonly commands: readonly NestedCommand[];
  readonly image: GuestImage;
  /** Paths that the machine has already. */
  readonly present: ReadonlySet<string>;
  /** Every file in it goes along, with its libraries; null for none. */
  readonly vmmDirectory: string | null;
  /** Programs of this host that go along at the same path, with their libraries. */
  readonly programs: readonly string[];
  /** Folders of root file systems that go along at the same path, with owners and rights. */
  readonly trees: readonly string[];
  /** Files of this host, and all files of folders, that go along at the same path. */
  readonly files: readonly string[];
  /** Texts to write, by path. */
  readonly texts: Readonly<Record<string, string>>;
  /** Where the commands are run. */
  readonly workingFolder: string;
  readonly file: string;
  readonly workFolder: string;
  readonly signal: AbortSignal;
}

/** What is copied over the root disk before the job begins. */
function overRoot(entries: readonly DiskEntry[]): DiskEntry[] {
  return entries.map((entry) => ({ ...entry, path: `/root${entry.path}` }));
}

/** The files of a folder of VMMs, as they lie in it, and the libraries of those that are programs. */
async function vmmEntries(folder: string): Promise<DiskEntry[]> {
  const files = await folderEntries(folder, nestedPaths.vmms);
  const libraries = files.map(async (entry) =>
    entry.kind === 'file' && (await isBinary(entry.source)) ? await libraryEntries(entry.source) : [],
  );
  return [...files, ...(await Promise.all(libraries)).flat()];
}

/** Under its own path, a folder with all that is in it. */
async function sameEntries(path: string): Promise<DiskEntry[]> {
  return statSync(path).isDirectory() ? await folderEntries(path, path) : [{ kind: 'file', path, source: path }];
}

/** The guest image on the job's disk itself, found through a link in the cache: 90 MB need not be copied. */
async function imageEntries(image: GuestImage): Promise<DiskEntry[]> {
  const link: DiskEntry = {
    kind: 'symlink',
    path: `/root/.cache/tapbench/images/${image.id}`,
    target: `${nestedPaths.job}/images/${image.id}`,
  };
  return [...overRoot([link]), ...(await folderEntries(image.folder, `/images/${image.id}`))];
}

/**
 * Makes the disk that a job brings into the level-one machine: tapbench as it runs here, the guest image, VMMs, and the script.
 * @throws TapbenchError `PROCESS_FAILED`; ParseError for a program that lacks a library
 */
export async function makeJobDisk(options: JobDiskOptions): Promise<void> {
  const { commands, vmmDirectory, programs, file, workFolder } = options;
  const own = await ownCode(workFolder);
  const tapbench = [levelOneNode, ...own.arguments];
  const { workingFolder } = options;
  const trees = await packTrees(options.trees, { workFolder: join(workFolder, 'trees'), signal: options.signal });
  const script = jobScript({ commands, tapbench, hasVmms: vmmDirectory !== null, trees, workingFolder });
  const texts = Object.entries(options.texts).map(
    ([path, text]): DiskEntry => ({ kind: 'text', path, text, mode: 0o644 }),
  );
  const carried = await Promise.all(programs.map(async (program) => await programEntries(program)));
  const files = (await Promise.all(options.files.map(sameEntries))).flat();
  const brought = [
    ...(vmmDirectory === null ? [] : await vmmEntries(vmmDirectory)),
    ...carried.flat(),
    ...files,
    ...texts,
  ];
  const entries: DiskEntry[] = [
    ...own.entries,
    ...trees.map(({ path, source }): DiskEntry => ({ kind: 'file', path, source })),
    { kind: 'text', path: '/job.sh', text: script, mode: 0o755 },
    // Libraries that both have are in use there: they can't be written over.
    ...overRoot(brought.filter(({ path }) => !options.present.has(path))),
    ...(await imageEntries(options.image)),
  ];
  await makeDiskImage({ entries, file, workFolder, freeBytes });
}
