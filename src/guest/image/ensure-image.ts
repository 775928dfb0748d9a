import { access } from 'node:fs/promises';
import type { ImageOptions } from './build-image.ts';
import { FileMemory } from './file-memory.ts';
import { guestProgramPath, guestPrograms } from './host-files.ts';
import { type CachedImage, type GuestImage, imagesByAge, listImages, unusableImage } from './image-cache.ts';
import { imageFailure } from './image-failure.ts';
import { packageFile } from './kernel-package.ts';
import { type HostFile, type KernelPackage, packagesOf, recipeVersion } from './manifest.ts';
import { demandProgram } from './program-path.ts';
import { sha256Of } from './sha256.ts';

/** Whether the host still has these files, with these contents, and finds its programs there. */
async function areAsTheyWere(
  files: readonly HostFile[],
  programs: ReadonlySet<string>,
  memory: FileMemory,
): Promise<boolean> {
  const found = files.filter(({ kind }) => kind === 'program').map(({ path, source }) => `${path} ${source}`);
  if (found.length !== programs.size || found.some((text) => !programs.has(text))) return false;
  const same = await Promise.all(
    files.map(({ source, sha256 }) =>
      memory.sha256(source).then(
        (now) => now === sha256,
        () => false,
      ),
    ),
  );
  return same.every(Boolean);
}

async function programsNow(wanted: readonly string[] = []): Promise<Set<string>> {
  const found = await Promise.all(
    guestPrograms(wanted).map(async (name) => `${guestProgramPath(name)} ${await demandProgram(name)}`),
  );
  return new Set(found);
}

async function newestMatch(options: ImageOptions): Promise<GuestImage | null> {
  const memory = await FileMemory.load(options.cacheFolder);
  const programs = await programsNow(options.programs);
  const initScriptSha256 = sha256Of(options.initScript);
  const rootfsScriptSha256 = options.rootfsScript === undefined ? undefined : sha256Of(options.rootfsScript);
  for await (const entry of imagesByAge(options.cacheFolder)) {
    if (entry.status !== 'whole') continue;
    const { inputs } = entry.image.manifest;
    if (inputs.recipeVersion !== recipeVersion || inputs.initScriptSha256 !== initScriptSha256) continue;
    if (inputs.rootfsScriptSha256 !== rootfsScriptSha256) continue;
    if (!(await areAsTheyWere(inputs.hostFiles, programs, memory))) continue;
    // A memory that can't be kept costs time, not the run.
    await memory.save().catch(() => undefined);
    return entry.image;
  }
  return null;
}

/** The kernel of the newest image, if its packages are still there. */
async function keptKernel(images: readonly CachedImage[], cacheFolder: string): Promise<KernelPackage | null> {
  const newest = images.find((entry) => entry.status === 'whole');
  if (newest === undefined) return null;
  const { kernelPackage } = newest.image.manifest.inputs;
  return Promise.all(packagesOf(kernelPackage).map((one) => access(packageFile(cacheFolder, one)))).then(
    () => kernelPackage,
    () => null,
  );
}

/**
 * The image for a run: the newest of the cache whose tools, /init and recipe are those of now (in milliseconds: sizes, times and
 * inodes are compared, big files are not read), else a new one with the kernel of the newest image, else one as by `buildImage`.
 *
 * apt is not asked where an image is there: a run must not change the kernel under the user because a mirror got a new one
 * (two runs would no longer compare), and must neither wait for apt nor need a network. `buildImage` is how a user takes a new kernel.
 * @throws TapbenchError `IMAGE_FAILED`; also when no image fits and one of the cache is damaged
 */
export async function ensureImage(options: ImageOptions): Promise<GuestImage> {
  try {
    const match = await newestMatch(options);
    if (match !== null) return match;
    const images = await listImages(options.cacheFolder);
    for (const entry of images) if (entry.status === 'damaged') throw unusableImage(entry);
    const kernel = await keptKernel(images, options.cacheFolder);
    // Not loaded where an image is there, which is the usual start.
    const { buildImage, buildImageOf } = await import('./build-image.ts');
    return await (kernel === null ? buildImage(options) : buildImageOf(kernel, options));
  } catch (cause) {
    throw imageFailure('there is no guest image', cause);
  }
}
