import { z } from 'zod';
import { TapbenchError } from '../../record/error.ts';

/** First entry of an archive. */
export const manifestName = 'tapbench-archive.json';

/** Version of the archive's own layout; the records in it have their schema's. */
const archiveVersion = 1;

/** Largest manifest that is read: some 400,000 files. */
export const mostManifestBytes = 64 * 1024 ** 2;
const mostPathBytes = 1_024;
/** NAME_MAX (limits.h). */
const mostNameBytes = 255;

/** Names that only mean something in the store that they lie in. */
export const ownNames: readonly string[] = ['imported.json', '.tags.lock'];

function isPlainName(name: string): boolean {
  const isTooLong = Buffer.byteLength(name) > mostNameBytes;
  return name !== '' && name !== '.' && name !== '..' && !isTooLong && !/[\p{Cc}\\/]/u.test(name);
}

/** Whether a path stays inside of the folder of its run, and can be written there and shown. */
export function isPlainPath(path: string): boolean {
  return Buffer.byteLength(path) <= mostPathBytes && path.split('/').every(isPlainName) && !ownNames.includes(path);
}

const archivedFile = z.strictObject({
  /** Relative to the folder of the run. */
  path: z.string().refine(isPlainPath, 'a path that leads out of the run, or can not be a file'),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ArchivedFile = z.infer<typeof archivedFile>;

function isInOrder(files: readonly ArchivedFile[]): boolean {
  return files.every((file, index) => index === 0 || (files[index - 1]?.path ?? '') < file.path);
}

/** Whether no file is where another needs a folder. */
function isTree(files: readonly ArchivedFile[]): boolean {
  const paths = new Set(files.map(({ path }) => path));
  return files.every(({ path }) => {
    const names = path.split('/');
    return names.every((_, depth) => depth === 0 || !paths.has(names.slice(0, depth).join('/')));
  });
}

const archiveManifest = z.strictObject({
  archiveVersion: z.literal(archiveVersion),
  runId: z.string(),
  /** Of `run.json`. */
  schemaVersion: z.int(),
  /** That made the archive. */
  tapbenchVersion: z.string(),
  /** Whether tool output and consoles are in it. */
  hasRawFiles: z.boolean(),
  /** Sorted by path: the order of the entries that follow. */
  files: z
    .array(archivedFile)
    .refine(isInOrder, 'files that are not sorted, or twice the same')
    .refine(isTree, 'a file where another needs a folder'),
});
export type ArchiveManifest = z.infer<typeof archiveManifest>;

export function manifestText(manifest: Omit<ArchiveManifest, 'archiveVersion'>): string {
  return `${JSON.stringify({ archiveVersion, ...manifest }, null, 1)}\n`;
}

/** An archive that can't be imported. */
export function refused(message: string, hint = 'Make it again with: tapbench archive RUN'): TapbenchError {
  return new TapbenchError('ARCHIVE_REFUSED', message, { hint });
}

/** @throws TapbenchError `ARCHIVE_REFUSED` */
export function readManifest(text: string): ArchiveManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(`${manifestName} is no JSON`);
  }
  const version = z.looseObject({ archiveVersion: z.number() }).safeParse(value);
  if (version.success && version.data.archiveVersion > archiveVersion) {
    throw refused(`made by a newer tapbench (archive version ${version.data.archiveVersion})`, 'Update this tapbench.');
  }
  const result = archiveManifest.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refused(`${manifestName}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}`);
}
