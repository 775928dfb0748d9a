import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cpioOf } from './cpio.ts';
import { cacheFolderMode, syncFolder, writeDurably } from './durable-file.ts';
import { initramfsTree, modulePaths, readHostFiles } from './initramfs.ts';
import { fetchKernelPackages } from './kernel-package.ts';
import { type ImageInputs, type ImageManifest, type ImagePart, imageId, manifestVersion } from './manifest.ts';
import { sha256Of } from './sha256.ts';
import { unpackKernel } from './unpacked-kernel.ts';

export interface Recipe {
  readonly inputs: ImageInputs;
  /** Text of /init. */
  readonly initScript: string;
  /** Text of what mounts a root file system of the user's own; absent: it mounts none. */
  readonly rootfsScript?: string | undefined;
  readonly cacheFolder: string;
  /** Folder of this build, on the file system of the cache. */
  readonly buildFolder: string;
  readonly onStep: (text: string) => void;
}

/** Writes a part and says what it is. */
async function writePart(path: string, content: Buffer): Promise<ImagePart> {
  await writeDurably(path, content);
  return { sha256: sha256Of(content), bytes: content.length };
}

/**
 * Makes all files of an image, on the disk when this returns.
 * @returns the folder that holds them and nothing else
 */
export async function bakeImage(recipe: Recipe): Promise<string> {
  const { inputs, onStep, buildFolder } = recipe;
  const { kernelPackage } = inputs;
  onStep(`fetching ${kernelPackage.name} ${kernelPackage.version}`);
  const packagePaths = await fetchKernelPackages(recipe.cacheFolder, kernelPackage, join(buildFolder, 'download'));
  onStep('unpacking the kernel');
  const { initScript, rootfsScript } = recipe;
  const hasRootfs = rootfsScript !== undefined;
  const kernel = await unpackKernel(packagePaths, { workFolder: join(buildFolder, 'work'), hasRootfs });
  onStep('making the initramfs');
  const { moduleGroups } = kernel;
  const hostFiles = await readHostFiles(inputs.hostFiles);
  const initramfs = cpioOf(initramfsTree({ initScript, rootfsScript, moduleGroups, hostFiles }));
  onStep('writing the image');
  const folder = join(buildFolder, 'image');
  await mkdir(folder, { mode: cacheFolderMode });
  const manifest: ImageManifest = {
    schemaVersion: manifestVersion,
    id: imageId(inputs),
    inputs,
    kernel: kernel.facts,
    modules: moduleGroups.flatMap(modulePaths),
    parts: {
      bzImage: await writePart(join(folder, 'bzImage'), kernel.bzImage),
      vmlinux: await writePart(join(folder, 'vmlinux'), kernel.vmlinux),
      'initramfs.cpio': await writePart(join(folder, 'initramfs.cpio'), initramfs),
    },
  };
  await writeDurably(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await syncFolder(folder);
  return folder;
}
