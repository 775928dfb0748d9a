import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildFolder, removeStaleBuildFolders } from '../../guest/image/build-folder.ts';
import { FileMemory } from '../../guest/image/file-memory.ts';
import type { GuestImage } from '../../guest/image/image-cache.ts';
import { type KernelModule, loadModules } from '../../guest/image/kernel-modules.ts';
import { fetchKernelPackages } from '../../guest/image/kernel-package.ts';
import { sha256Of } from '../../guest/image/sha256.ts';
import { moduleFolder, unpackPackages } from '../../guest/image/unpacked-kernel.ts';
import { makeDiskImage } from '../disk-image.ts';
import { type DiskEntry, distinctEntries } from '../disk-tree.ts';
import { levelOneEntries } from './plan.ts';
import { levelOneModules } from './programs-table.ts';

/** Goes up when the same inputs give another disk. */
const recipeVersion = 1;
/** For what a run writes: raw files, caches, the results. */
const freeBytes = 4 * 1024 ** 3;

/** What the level-one machine boots. Paths are absolute. */
export interface LevelOne {
  readonly id: string;
  readonly disk: string;
  readonly kernel: string;
  /** What is on the disk, modules apart: it need not be carried there again. */
  readonly paths: ReadonlySet<string>;
}

export interface LevelOneOptions {
  /** Of tapbench as a whole: level-one disks are in its `nested`. */
  readonly cacheFolder: string;
  /** Its kernel is the level-one kernel, too. */
  readonly image: GuestImage;
  readonly onStep?: (text: string) => void;
}

/** Where the disks are kept. */
export function levelOneFolder(cacheFolder: string): string {
  return join(cacheFolder, 'nested');
}

async function initEntry(): Promise<DiskEntry> {
  const text = await readFile(join(import.meta.dirname, 'init.sh'), 'utf8');
  return { kind: 'text', path: '/init', text, mode: 0o755 };
}

/** 16 hex digits over all that decides what is on the disk. */
async function idOf(entries: readonly DiskEntry[], { cacheFolder, image }: LevelOneOptions): Promise<string> {
  const memory = await FileMemory.load(cacheFolder);
  const told = await Promise.all(
    distinctEntries(entries).map(async (entry) =>
      entry.kind === 'file' ? { ...entry, sha256: await memory.sha256(entry.source) } : entry,
    ),
  );
  // A memory that can't be kept costs time, nothing else.
  await memory.save().catch(() => undefined);
  const { kernelPackage } = image.manifest.inputs;
  return sha256Of(JSON.stringify([recipeVersion, kernelPackage, levelOneModules, told])).slice(0, 16);
}

async function modulesOf(image: GuestImage, cacheFolder: string, workFolder: string): Promise<KernelModule[]> {
  const { kernelPackage } = image.manifest.inputs;
  const packagePaths = await fetchKernelPackages(cacheFolder, kernelPackage, join(workFolder, 'download'));
  const root = join(workFolder, 'kernel');
  await unpackPackages(packagePaths, root);
  const folder = await moduleFolder(root, image.manifest.kernel.release);
  const modules = await loadModules({ folder, workFolder }, levelOneModules);
  await rm(root, { recursive: true });
  return modules;
}

/** Numbered, as /init loads them in the order of their names. */
function moduleEntries(modules: readonly KernelModule[]): DiskEntry[] {
  return modules.map(({ name, content }, index) => ({
    kind: 'bytes',
    path: `/lib/level-one/${String(index).padStart(2, '0')}-${name}.ko`,
    bytes: content,
  }));
}

/** A folder on a merged /usr lies in /usr. */
function withoutLinks(entries: readonly DiskEntry[], path: string): string {
  const link = entries.find((entry) => entry.kind === 'symlink' && path.startsWith(`${entry.path}/`));
  return link?.kind === 'symlink' ? `/${link.target}${path.slice(link.path.length)}` : path;
}

async function build(id: string, entries: readonly DiskEntry[], options: LevelOneOptions): Promise<void> {
  const folder = levelOneFolder(options.cacheFolder);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await removeStaleBuildFolders(folder);
  await using work = await BuildFolder.create(folder);
  options.onStep?.('making the disk of the nested machine');
  const modules = moduleEntries(await modulesOf(options.image, options.cacheFolder, work.path));
  const placed = modules.map((entry) => ({ ...entry, path: withoutLinks(entries, entry.path) }));
  const file = join(work.path, 'disk.ext4');
  await makeDiskImage({ entries: [...entries, ...placed], file, workFolder: work.path, freeBytes });
  await rename(file, join(folder, `${id}.ext4`));
}

/** Disks of tools that are no longer there would only take room: the newest two stay. */
async function removeOld(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{16}\.ext4$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), usedMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => b.usedMs - a.usedMs).slice(2);
  await Promise.all(
    old.map(async ({ path }) => {
      await rm(path, { force: true });
    }),
  );
}

/**
 * The root disk of the level-one machine with the programs of this host as they are now: from the cache, else built (some seconds, no
 * root needed, 500 MB).
 * @throws TapbenchError `HOST_INCAPABLE` for a program that is not installed, `IMAGE_FAILED`, `PROCESS_FAILED`
 */
export async function buildLevelOne(options: LevelOneOptions): Promise<LevelOne> {
  const entries = [...(await levelOneEntries()), await initEntry()];
  const id = await idOf(entries, options);
  const folder = levelOneFolder(options.cacheFolder);
  const disk = join(folder, `${id}.ext4`);
  const isThere = await stat(disk).then(
    () => true,
    () => false,
  );
  if (!isThere) await build(id, entries, options);
  const now = new Date();
  await utimes(disk, now, now);
  await removeOld(folder);
  return { id, disk, kernel: options.image.bzImage, paths: new Set(entries.map(({ path }) => path)) };
}
