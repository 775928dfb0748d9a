import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type GuestImage, unusableImage } from './image-cache.ts';
import { imageFailure } from './image-failure.ts';
import { partNames } from './manifest.ts';
import { sha256Of } from './sha256.ts';

/**
 * Compares every part of an image with the sha256 in its manifest (reads 90 MB).
 * @throws TapbenchError `IMAGE_FAILED` at the first part that differs
 */
export async function verifyImage(image: GuestImage): Promise<void> {
  for (const name of partNames) {
    const bytes = await readFile(join(image.folder, name)).catch((cause: unknown) => {
      throw imageFailure(`image ${image.id} can't be read`, cause);
    });
    if (sha256Of(bytes) !== image.manifest.parts[name].sha256) {
      throw unusableImage({ ...image, reason: `${name} is not what was built (its sha256 differs)` });
    }
  }
}
