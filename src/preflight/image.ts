import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageOptions } from '../guest/image/build-image.ts';
import { ensureImage } from '../guest/image/ensure-image.ts';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { cacheFolder } from '../host/folders.ts';
import type { Configuration } from '../record/experiment.ts';
import { workloadFor } from '../workload/bound-workload.ts';

/** What an image is made of beside the host's own tools: our /init. */
export function imageOptions(onStep?: (text: string) => void): ImageOptions {
  const initScript = readFileSync(join(import.meta.dirname, '..', 'guest', 'init.sh'), 'utf8');
  const options = { cacheFolder: cacheFolder(), initScript };
  return onStep === undefined ? options : { ...options, onStep };
}

/** The image that a run boots, with what its workloads need: see `ensureImage`. */
export async function guestImage(
  onStep: (text: string) => void,
  configurations: readonly Pick<Configuration, 'workloads'>[] = [],
): Promise<GuestImage> {
  const programs = configurations.flatMap(({ workloads }) => workloads.flatMap((spec) => workloadFor(spec).programs));
  return await ensureImage({ ...imageOptions(onStep), programs });
}
