import { z } from 'zod';
import { natural } from '../../record/bounds.ts';
import { TapbenchError } from '../../record/error.ts';
import { schemaVersion } from '../../record/run.ts';
import { parseBoundedJson } from '../bounded-json.ts';
import { checkedValue } from '../checked-value.ts';
import { isRunId } from '../run-id.ts';
import { isRunPath } from './run-path.ts';

/** First entry of an archive. */
export const manifestName = 'tapbench-archive.json';

/** Version of the archive's own layout; the records in it have their schema's. */
const archiveVersion = 1;

/** Largest manifest that is read. */
export const mostManifestBytes = 16 * 1024 ** 2;
/** Files of one run that are packed: 5,000 boots have as many. */
export const mostFiles = 100_000;
/** Values in a manifest: three a file. */
const mostManifestValues = 5 * mostFiles;

const archivedFile = z.strictObject({
  /** Relative to the folder of the run. */
  path: z.string().refine(isRunPath, { message: 'a path that no file of a run can have', abort: true }),
  bytes: natural,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { abort: true }),
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
  runId: z.string().refine(isRunId, 'no id that tapbench gives a run'),
  /** Of `run.json`. */
  schemaVersion: z.int().min(1).max(schemaVersion),
  /** That made the archive. */
  tapbenchVersion: z.string().regex(/^[\w.+-]{1,64}$/),
  /** Whether tool output and consoles are in it. */
  hasRawFiles: z.boolean(),
  /** Sorted by path: the order of the entries that follow. */
  files: z
    .array(archivedFile)
    .max(mostFiles, { abort: true })
    .refine(isInOrder, { message: 'files that are not sorted, or twice the same', abort: true })
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

function parsedJson(bytes: Buffer): unknown {
  try {
    return parseBoundedJson(bytes, mostManifestValues);
  } catch (cause) {
    throw refused(`${manifestName} can't be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

const versions = z.looseObject({ archiveVersion: z.number(), schemaVersion: z.number().optional() });

function refuseNewer(value: unknown): void {
  const { data } = versions.safeParse(value);
  if (data === undefined) return;
  const hint = 'Update this tapbench.';
  if (data.archiveVersion > archiveVersion) {
    throw refused(`made by a newer tapbench (archive version ${String(data.archiveVersion)})`, hint);
  }
  if (data.schemaVersion !== undefined && data.schemaVersion > schemaVersion) {
    throw refused(`made by a newer tapbench (schema ${String(data.schemaVersion)})`, hint);
  }
}

/** @throws TapbenchError `ARCHIVE_REFUSED` */
export function readManifest(bytes: Buffer): ArchiveManifest {
  const value = parsedJson(bytes);
  refuseNewer(value);
  const result = checkedValue(archiveManifest, value, bytes.length);
  if ('data' in result) return result.data;
  throw refused(`${manifestName}: ${result.problem}`);
}
