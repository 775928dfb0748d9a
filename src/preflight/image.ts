import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageOptions } from '../guest/image/build-image.ts';
import { ensureImage } from '../guest/image/ensure-image.ts';
import type { GuestImage } from '../guest/image/image-cache.ts';
import { cacheFolder } from '../host/folders.ts';
import type { Configuration } from '../record/experiment.ts';
import { workloadFor } from '../workload/bound-workload.ts';

/** A script of the guest's room. */
function scriptOf(...path: readonly string[]): string {
  return readFileSync(join(import.meta.dirname, '..', 'guest', ...path), 'utf8');
}

/** What mounts a root file system of the user's own in the guest. */
export function rootfsScript(): string {
  return scriptOf('rootfs', 'enter.sh');
}

/** What an image is made of beside the host's own tools: our /init. */
export function imageOptions(onStep?: (text: string) => void): ImageOptions {
  const options = { cacheFolder: cacheFolder(), initScript: scriptOf('init.sh') };
  return onStep === undefined ? options : { ...options, onStep };
}

/** The programs that the workloads of these need, each once. */
export function programsOf(configurations: readonly Pick<Configuration, 'workloads'>[]): string[] {
  const all = configurations.flatMap(({ workloads }) => workloads.flatMap((spec) => workloadFor(spec).programs));
  return [...new Set(all)];
}

/** The image that a run boots, with what its workloads need: see `ensureImage`. */
export async function guestImage(
  onStep: (text: string) => void,
  configurations: readonly Pick<Configuration, 'workloads'>[] = [],
): Promise<GuestImage> {
  return await ensureImage({ ...imageOptions(onStep), programs: programsOf(configurations) });
}

/** The image of those that have a root file system of the user's own. */
export async function rootfsImage(
  onStep: (text: string) => void,
  configurations: readonly Pick<Configuration, 'workloads'>[],
): Promise<GuestImage> {
  const options = { ...imageOptions(onStep), programs: programsOf(configurations) };
  return await ensureImage({ ...options, rootfsScript: rootfsScript() });
}
