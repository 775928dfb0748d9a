import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { type RootfsType, rootfsTypes } from '../rootfs/file-system.ts';
import { extractVmlinux } from './bz-image.ts';
import { hasPvhEntry } from './elf.ts';
import type { ModuleGroup } from './initramfs.ts';
import { loadModules, type ModuleSource } from './kernel-modules.ts';
import type { ImageManifest } from './manifest.ts';
import { demandProgram } from './program-path.ts';

/** All that an image needs of a kernel package, in memory. */
export interface UnpackedKernel {
  readonly facts: ImageManifest['kernel'];
  readonly bzImage: Buffer;
  readonly vmlinux: Buffer;
  readonly moduleGroups: readonly ModuleGroup[];
}

export interface WantedModules {
  /** Of the guest, that holds them. */
  readonly folder: string;
  readonly needed: readonly string[];
  /** Those that a kernel may do without. */
  readonly perhaps?: readonly string[];
}

/**
 * Modules by the folder of the guest that holds them. /init loads `modules`; a guest whose VMM offers its devices on PCI
 * loads `modules/pci` too (apart, because a needless module costs boot time).
 */
const wantedModules: readonly WantedModules[] = [
  { folder: 'modules', needed: ['virtio_net', 'virtio_mmio'] },
  { folder: 'modules/pci', needed: ['virtio_pci'] },
];

/** What a root file system of the user's own is mounted with (rootfs/enter.sh): the disk and the layer over it, and its file system. */
export function rootfsModules(types: readonly RootfsType[]): WantedModules[] {
  return [
    { folder: 'modules/rootfs', needed: ['virtio_blk', 'overlay'] },
    // ext4 asks for its checksums by name, and a guest has no modprobe.
    ...types.map((type) => ({ folder: `modules/${type}`, needed: [type], perhaps: ['crc32c_generic'] })),
  ];
}

/** 106 MB of files; seconds on a slow disk. */
const unpackDeadlineMs = 120_000;
const kernelPrefix = 'vmlinuz-';

/** The modules of each group with what they need, each once. @throws as `loadModules` */
export async function loadGroups(source: ModuleSource, wanted: readonly WantedModules[]): Promise<ModuleGroup[]> {
  const groups: ModuleGroup[] = [];
  const taken = new Set<string>();
  for (const { folder, needed, perhaps = [] } of wanted) {
    const there = await loadModules(source, perhaps, { canLack: true });
    const modules = [...there, ...(await loadModules(source, needed))].filter(({ name }) => !taken.has(name));
    const once = modules.filter(({ name }, index) => modules.findIndex((one) => one.name === name) === index);
    groups.push({ folder, modules: once });
    for (const { name } of once) taken.add(name);
  }
  return groups;
}

/** Unpacks packages into one tree. @throws TapbenchError `IMAGE_FAILED`, PROCESS_FAILED */
export async function unpackPackages(packagePaths: readonly string[], root: string): Promise<void> {
  await demandProgram('dpkg-deb');
  await mkdir(root, { recursive: true });
  for (const path of packagePaths)
    await run(['dpkg-deb', '--extract', path, root], { deadlineMs: unpackDeadlineMs, env: { LC_ALL: 'C' } });
}

/** Where an unpacked kernel of that release has its modules. */
export async function moduleFolder(root: string, release: string): Promise<string> {
  const merged = join(root, 'usr/lib/modules', release);
  const isMerged = await stat(merged).then(
    () => true,
    () => false,
  );
  return isMerged ? merged : join(root, 'lib/modules', release);
}

/**
 * Unpacks the packages of a kernel.
 * @param options.workFolder for its files, which are removed again before this returns
 * @param options.hasRootfs whether the guest mounts a root file system of the user's own
 * @throws TapbenchError `IMAGE_FAILED`, PROCESS_FAILED, ParseError
 */
export async function unpackKernel(
  packagePaths: readonly string[],
  { workFolder, hasRootfs }: { readonly workFolder: string; readonly hasRootfs: boolean },
): Promise<UnpackedKernel> {
  const root = join(workFolder, 'root');
  await unpackPackages(packagePaths, root);
  const kernel = (await readdir(join(root, 'boot'))).find((name) => name.startsWith(kernelPrefix));
  if (kernel === undefined) throw new TapbenchError('IMAGE_FAILED', `${packagePaths.join(' and ')}: no kernel in them`);
  const release = kernel.slice(kernelPrefix.length);
  const bzImage = await readFile(join(root, 'boot', kernel));
  const source = { folder: await moduleFolder(root, release), workFolder };
  const moduleGroups = await loadGroups(
    source,
    hasRootfs ? [...wantedModules, ...rootfsModules(rootfsTypes)] : wantedModules,
  );
  await rm(root, { recursive: true });
  const { elf, format } = await extractVmlinux(bzImage, { file: kernel, folder: workFolder });
  const facts = { release, packFormat: format, hasPvhEntry: hasPvhEntry(elf) };
  return { facts, bzImage, vmlinux: elf.bytes, moduleGroups };
}
