import { z } from 'zod';
import { buildImage } from '../../guest/image/build-image.ts';
import { type CachedImage, listImages } from '../../guest/image/image-cache.ts';
import { removeImage } from '../../guest/image/remove-image.ts';
import { cacheFolder, runtimeFolder } from '../../host/folders.ts';
import { takeRunLock } from '../../lab/run-lock.ts';
import { imageOptions } from '../../preflight/image.ts';
import { jsonText } from '../../report/text/printable.ts';
import { readOptions } from '../options.ts';
import { complain, print } from '../output.ts';

const schema = z.object({ json: z.boolean().default(false) });

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

function describe(image: CachedImage): string {
  if (image.status !== 'whole') return `${image.id}  ${image.status}: ${image.reason}`;
  const { manifest } = image.image;
  return `${image.id}  kernel ${manifest.kernel.release}  ${mebibytes(image.bytes)}  built ${new Date(image.builtAtMs).toISOString()}`;
}

async function build(isJson: boolean): Promise<void> {
  const image = await buildImage(imageOptions(complain));
  await print(isJson ? jsonText(image.manifest, 2) : `${image.id}  ${image.folder}`);
}

async function list(isJson: boolean): Promise<void> {
  const images = await listImages(cacheFolder());
  if (isJson) await print(jsonText(images, 2));
  else await print(images.length === 0 ? 'no images: tapbench image build' : images.map(describe).join('\n'));
}

async function remove(which: string): Promise<void> {
  // A run that goes on has boots to come.
  using _lock = takeRunLock(runtimeFolder(), 'tapbench image remove');
  const removed = await removeImage(cacheFolder(), which);
  await print(removed.length === 0 ? 'nothing to remove' : removed.map((id) => `removed ${id}`).join('\n'));
}

/** `tapbench image build|list|remove`; `parameters` are what commander hands an action. */
export async function imageCommand(name: 'build' | 'list' | 'remove', parameters: readonly unknown[]): Promise<void> {
  switch (name) {
    case 'build':
      await build(readOptions(schema, parameters[0]).json);
      break;
    case 'list':
      await list(readOptions(schema, parameters[0]).json);
      break;
    case 'remove':
      await remove(String(parameters[0]));
      break;
  }
}
