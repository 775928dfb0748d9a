import { mkdir, rename, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../lab/process.ts';
import { TapbenchError } from '../../record/error.ts';
import { bakeImage, type Recipe } from './bake-image.ts';
import { BuildFolder, removeStaleBuildFolders } from './build-folder.ts';
import { cacheFolderMode, syncFolder } from './durable-file.ts';
import { FileMemory } from './file-memory.ts';
import { findHostFiles, guestProgramPath } from './host-files.ts';
import { type GuestImage, imagesFolder, readCachedImage, unusableImage } from './image-cache.ts';
import { imageFailure } from './image-failure.ts';
import { candidateKernel } from './kernel-package.ts';
import { type HostFile, type ImageInputs, imageId, type KernelPackage, recipeVersion } from './manifest.ts';
import { removeEntry } from './remove-image.ts';
import { sha256Of } from './sha256.ts';
import { verifyImage } from './verify-image.ts';

export interface ImageOptions {
  /** Of tapbench as a whole: images are in its `images`. */
  readonly cacheFolder: string;
  /** Text of /init. */
  readonly initScript: string;
  /** Programs of workloads that are wanted in it, beside those that every image has. */
  readonly programs?: readonly string[];
  /** Text of what mounts a root file system of the user's own; absent: an image that mounts none. */
  readonly rootfsScript?: string;
  /** Told of each step of a build, in words for the user. */
  readonly onStep?: (text: string) => void;
}

/** A busybox that does not find its own applets leaves a guest without `mount`. */
async function demandStandaloneShell(hostFiles: readonly HostFile[]): Promise<void> {
  const source = hostFiles.find(({ path }) => path === guestProgramPath('busybox'))?.source ?? 'busybox';
  const argv = [source, 'env', '-i', 'PATH=/nonexistent', source, 'sh', '-c', 'stat -c %s /'];
  const { exitStatus } = await run(argv, { deadlineMs: 10_000, acceptsFailure: true });
  if (exitStatus === 0) return;
  throw new TapbenchError(
    'IMAGE_FAILED',
    `${source} is not a stand-alone busybox: its shell does not find its own applets`,
    {
      hint: 'apt-get install busybox-static',
    },
  );
}

/** The image of that id, if the cache has it whole, verified in full; a damaged one is taken away. */
async function wholeImage(cacheFolder: string, id: string): Promise<GuestImage | null> {
  const entry = await readCachedImage(cacheFolder, id);
  if (entry?.status === 'whole') {
    const isWhole = await verifyImage(entry.image).then(
      () => true,
      () => false,
    );
    if (isWhole) return entry.image;
  }
  if (entry !== null) await removeEntry(cacheFolder, id);
  return null;
}

/** Puts a finished image in its place. Another build that was quicker made the same bytes: its image stays. */
async function moveIntoPlace(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause;
  }
}

async function bakeAndStore(recipe: Omit<Recipe, 'buildFolder'>): Promise<GuestImage> {
  const images = imagesFolder(recipe.cacheFolder);
  const id = imageId(recipe.inputs);
  await mkdir(images, { recursive: true, mode: cacheFolderMode });
  await removeStaleBuildFolders(images);
  await using build = await BuildFolder.create(images);
  const baked = await bakeImage({ ...recipe, buildFolder: build.path });
  await moveIntoPlace(baked, join(images, id));
  await syncFolder(images);
  const entry = await readCachedImage(recipe.cacheFolder, id);
  if (entry?.status === 'whole') return entry.image;
  throw unusableImage({ id, folder: join(images, id), reason: entry?.reason ?? 'it vanished after it was built' });
}

/**
 * The image of a given kernel with the tools as they are on this host now: from the cache, else built.
 * @throws TapbenchError `IMAGE_FAILED`
 */
export async function buildImageOf(kernelPackage: KernelPackage, options: ImageOptions): Promise<GuestImage> {
  try {
    const { cacheFolder, initScript, onStep = () => undefined } = options;
    const memory = await FileMemory.load(cacheFolder);
    const hostFiles = await findHostFiles(memory, options.programs);
    await demandStandaloneShell(hostFiles);
    const initScriptSha256 = sha256Of(initScript);
    const { rootfsScript } = options;
    const own = rootfsScript === undefined ? {} : { rootfsScriptSha256: sha256Of(rootfsScript) };
    const inputs: ImageInputs = { recipeVersion, kernelPackage, initScriptSha256, hostFiles, ...own };
    const cached = await wholeImage(cacheFolder, imageId(inputs));
    const image = cached ?? (await bakeAndStore({ inputs, initScript, rootfsScript, cacheFolder, onStep }));
    await memory.save();
    // The newest image is what runs take: the one that was asked for last is the newest.
    const now = new Date();
    await utimes(join(image.folder, 'manifest.json'), now, now);
    return image;
  } catch (cause) {
    throw imageFailure('the guest image could not be built', cause);
  }
}

/**
 * The image of the newest kernel that apt knows: from the cache, verified, else built (about 10 s and a download of 27 MB).
 * A damaged image of the same inputs is replaced.
 * @throws TapbenchError `IMAGE_FAILED`
 */
export async function buildImage(options: ImageOptions): Promise<GuestImage> {
  options.onStep?.('asking apt for the newest kernel');
  return buildImageOf(await candidateKernel(), options);
}
