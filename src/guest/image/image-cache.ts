import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { type ImageManifest, imageId, imageManifest, manifestVersion, partNames } from './manifest.ts';

/** A built image: what a VMM boots. Paths are absolute. */
export interface GuestImage {
  readonly id: string;
  readonly folder: string;
  readonly bzImage: string;
  /** The same kernel as ELF, for VMMs that boot only that. */
  readonly vmlinux: string;
  readonly initramfs: string;
  readonly manifest: ImageManifest;
}

export interface WholeImage {
  readonly status: 'whole';
  readonly id: string;
  readonly folder: string;
  readonly image: GuestImage;
  /** When it was last built or asked for by a build, ms since 1970. */
  readonly builtAtMs: number;
  /** Of its parts together. */
  readonly bytes: number;
}

/** `damaged`: it is not what was built; `outdated`: another version of tapbench built it. */
export interface UnusableImage {
  readonly status: 'damaged' | 'outdated';
  readonly id: string;
  readonly folder: string;
  readonly reason: string;
}

/** An entry of the cache, as far as can be told without reading its big files. */
export type CachedImage = WholeImage | UnusableImage;

const idPattern = /^[0-9a-f]{16}$/;

export function imagesFolder(cacheFolder: string): string {
  return join(cacheFolder, 'images');
}

/** The manifest in a text, or why it is none. */
function parseManifest(text: string, id: string): ImageManifest | Pick<UnusableImage, 'status' | 'reason'> {
  try {
    const json: unknown = JSON.parse(text);
    const version = typeof json === 'object' && json !== null && 'schemaVersion' in json ? json.schemaVersion : null;
    if (typeof version === 'number' && version !== manifestVersion) {
      return { status: 'outdated', reason: `its manifest has version ${version}, not ${manifestVersion}` };
    }
    const manifest = imageManifest.parse(json);
    const isOfThisImage = manifest.id === id && imageId(manifest.inputs) === id;
    return isOfThisImage ? manifest : { status: 'damaged', reason: 'manifest.json is that of another image' };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    return { status: 'damaged', reason: `manifest.json can't be read: ${words}` };
  }
}

/** Says what is wrong with an image; null when its parts have the sizes that the manifest says. */
async function wrongSize(folder: string, manifest: ImageManifest): Promise<string | null> {
  for (const name of partNames) {
    const { bytes } = manifest.parts[name];
    const state = await stat(join(folder, name)).catch(() => null);
    if (state === null) return `${name} is missing`;
    if (state.size !== bytes) return `${name} has ${state.size} of ${bytes} bytes`;
  }
  return null;
}

function manifestPath(cacheFolder: string, id: string): string {
  return join(imagesFolder(cacheFolder), id, 'manifest.json');
}

/** Reads one entry; null when there is none of that id. */
export async function readCachedImage(cacheFolder: string, id: string): Promise<CachedImage | null> {
  const folder = join(imagesFolder(cacheFolder), id);
  if ((await stat(folder).catch(() => null)) === null) return null;
  const path = manifestPath(cacheFolder, id);
  const [text, state] = await Promise.all([readFile(path, 'utf8').catch(() => null), stat(path).catch(() => null)]);
  if (text === null || state === null) return { status: 'damaged', id, folder, reason: 'manifest.json is missing' };
  const manifest = parseManifest(text, id);
  if ('reason' in manifest) return { ...manifest, id, folder };
  const reason = await wrongSize(folder, manifest);
  if (reason !== null) return { status: 'damaged', id, folder, reason };
  const image: GuestImage = {
    id,
    folder,
    bzImage: join(folder, 'bzImage'),
    vmlinux: join(folder, 'vmlinux'),
    initramfs: join(folder, 'initramfs.cpio'),
    manifest,
  };
  const bytes = partNames.reduce((sum, name) => sum + manifest.parts[name].bytes, 0);
  return { status: 'whole', id, folder, image, builtAtMs: state.mtimeMs, bytes };
}

/** The ids in the cache, the newest first. Builds in progress are not among them. */
async function idsByAge(cacheFolder: string): Promise<string[]> {
  const names = await readdir(imagesFolder(cacheFolder)).catch(() => []);
  const ages = names
    .filter((name) => idPattern.test(name))
    .sort()
    .map(async (id) => {
      const state = await stat(manifestPath(cacheFolder, id)).catch(() => null);
      return { id, builtAtMs: state?.mtimeMs ?? 0 };
    });
  return (await Promise.all(ages)).sort((a, b) => b.builtAtMs - a.builtAtMs).map(({ id }) => id);
}

/** The images of the cache, the newest first, each read when it is its turn: a manifest takes more than a millisecond. */
export async function* imagesByAge(cacheFolder: string): AsyncGenerator<CachedImage> {
  for (const id of await idsByAge(cacheFolder)) {
    const entry = await readCachedImage(cacheFolder, id);
    if (entry !== null) yield entry;
  }
}

/** All images of the cache, the newest first, then those that can't be used. */
export async function listImages(cacheFolder: string): Promise<CachedImage[]> {
  const entries: CachedImage[] = [];
  for await (const entry of imagesByAge(cacheFolder)) entries.push(entry);
  const isWhole = ({ status }: CachedImage): boolean => status === 'whole';
  return [...entries.filter(isWhole), ...entries.filter((entry) => !isWhole(entry))];
}

/** The error of an image that can't be used. */
export function unusableImage(entry: Omit<UnusableImage, 'status'>): TapbenchError {
  return new TapbenchError('IMAGE_FAILED', `image ${entry.id} in ${entry.folder} is damaged: ${entry.reason}`, {
    hint: 'tapbench image build',
  });
}
