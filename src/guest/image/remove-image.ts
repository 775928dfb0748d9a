import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { BuildFolder, removeStaleBuildFolders } from './build-folder.ts';
import { imagesFolder, listImages } from './image-cache.ts';
import { imageFailure } from './image-failure.ts';
import { packagesOf } from './manifest.ts';

/** Takes an entry out of the cache in one step, so that a kill leaves no half of it. One that is gone already is no error. */
export async function removeEntry(cacheFolder: string, id: string): Promise<void> {
  const folder = imagesFolder(cacheFolder);
  await using grave = await BuildFolder.create(folder);
  try {
    await rename(join(folder, id), join(grave.path, id));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
  }
}

/** Removes kernel packages that no image of the cache was made from. */
async function removePackages(cacheFolder: string): Promise<void> {
  const images = await listImages(cacheFolder);
  const kept = images.flatMap((entry) =>
    entry.status === 'whole'
      ? packagesOf(entry.image.manifest.inputs.kernelPackage).map(({ sha256 }) => `${sha256}.deb`)
      : [],
  );
  const folder = join(cacheFolder, 'packages');
  const names = await readdir(folder).catch(() => []);
  const unused = names.filter((name) => !kept.includes(name));
  await Promise.all(unused.map((name) => rm(join(folder, name), { force: true })));
}

/**
 * Removes images, and the kernel packages that none is made from any more. A VM that runs has read its image and needs it no more; a run that
 * has boots to come does.
 * @param which an id; `all`; or `unused`: all but the newest that can be used
 * @returns ids of the removed images
 * @throws TapbenchError `IMAGE_FAILED` when there is no image of that id
 */
export async function removeImage(cacheFolder: string, which: string): Promise<string[]> {
  const images = await listImages(cacheFolder);
  const newest = images.find(({ status }) => status === 'whole');
  const chosen = images.filter(
    (entry) => which === 'all' || entry.id === which || (which === 'unused' && entry !== newest),
  );
  if (chosen.length === 0 && which !== 'all' && which !== 'unused') {
    const place = imagesFolder(cacheFolder);
    throw new TapbenchError('IMAGE_FAILED', `no image ${which} in ${place}`, { hint: 'tapbench image list' });
  }
  try {
    await removeStaleBuildFolders(imagesFolder(cacheFolder));
    for (const { id } of chosen) await removeEntry(cacheFolder, id);
    await removePackages(cacheFolder);
  } catch (cause) {
    throw imageFailure("images can't be removed", cause);
  }
  return chosen.map(({ id }) => id);
}
