import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { extractVmlinux } from './bz-image.ts';
import { hasPvhEntry } from './elf.ts';
import type { ModuleGroup } from './initramfs.ts';
import { loadModules } from './kernel-modules.ts';
import type { ImageManifest } from './manifest.ts';
import { demandProgram } from './program-path.ts';

/** All that an image needs of a kernel package, in memory. */
export interface UnpackedKernel {
  readonly facts: ImageManifest['kernel'];
  readonly bzImage: Buffer;
  readonly vmlinux: Buffer;
  readonly moduleGroups: readonly ModuleGroup[];
}

/**
 * Modules by the folder of the guest that holds them. /init loads `modules`; a guest whose VMM offers its devices on PCI
 * loads `modules/pci` too (apart, because a needless module costs boot time).
 */
const wantedModules: readonly (readonly [string, readonly string[]])[] = [
  ['modules', ['virtio_net', 'virtio_mmio']],
  ['modules/pci', ['virtio_pci']],
];

/** 106 MB of files; seconds on a slow disk. */
const unpackDeadlineMs = 120_000;
const kernelPrefix = 'vmlinuz-';

async function loadGroups(folder: string, workFolder: string): Promise<ModuleGroup[]> {
  const groups: ModuleGroup[] = [];
  const taken = new Set<string>();
  for (const [name, wanted] of wantedModules) {
    const modules = await loadModules({ folder, workFolder }, wanted);
    groups.push({ folder: name, modules: modules.filter((module) => !taken.has(module.name)) });
    for (const module of modules) taken.add(module.name);
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
 * @param workFolder for its files, which are removed again before this returns
 * @throws TapbenchError `IMAGE_FAILED`, PROCESS_FAILED, ParseError
 */
export async function unpackKernel(packagePaths: readonly string[], workFolder: string): Promise<UnpackedKernel> {
  const root = join(workFolder, 'root');
  await unpackPackages(packagePaths, root);
  const kernel = (await readdir(join(root, 'boot'))).find((name) => name.startsWith(kernelPrefix));
  if (kernel === undefined) throw new TapbenchError('IMAGE_FAILED', `${packagePaths.join(' and ')}: no kernel in them`);
  const release = kernel.slice(kernelPrefix.length);
  const bzImage = await readFile(join(root, 'boot', kernel));
  const moduleGroups = await loadGroups(await moduleFolder(root, release), workFolder);
  await rm(root, { recursive: true });
  const { elf, format } = await extractVmlinux(bzImage, { file: kernel, folder: workFolder });
  const facts = { release, packFormat: format, hasPvhEntry: hasPvhEntry(elf) };
  return { facts, bzImage, vmlinux: elf.bytes, moduleGroups };
}
