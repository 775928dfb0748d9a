import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { syncFolder, writeDurably } from '../durable-file.ts';
import { type Provenance, syncFolders, withImportDraft } from '../import-draft.ts';
import { layout } from '../layout.ts';
import { NoPlainFile, problemOf } from '../plain-file.ts';
import { recordText } from '../record-text.ts';
import { errnoOf, storeFailed } from '../store-error.ts';
import { demandStore } from '../store-mark.ts';
import { type ArchiveManifest, refused } from './archive-manifest.ts';
import { checkArchive } from './check-archive.ts';
import type { ReadArchive } from './read-archive.ts';
import { differenceOf } from './same-run.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ImportedRun {
  readonly runId: string;
  readonly folder: string;
  /** `already-there`: the store has the same run; nothing was changed. */
  readonly status: 'imported' | 'already-there';
}

const noArchive = 'Give a file that tapbench archive made.';

/** An error as what it means for the archive, which it names. */
function readable(archive: string, cause: unknown): unknown {
  const name = basename(archive);
  if (cause instanceof TapbenchError) {
    if (cause.code !== 'ARCHIVE_REFUSED') return cause;
    return refused(`${name}: ${cause.message}`, cause.hint ?? undefined);
  }
  if (cause instanceof NoPlainFile) return refused(`${name}: ${cause.message}`, noArchive);
  const code = errnoOf(cause);
  if (code === 'ENOENT' || code === 'ENOTDIR') return refused(`${archive}: no such file`, noArchive);
  if (code === 'Z_BUF_ERROR') return refused(`${name}: the archive is cut off`, 'Copy it again.');
  if (code?.startsWith('Z_') === true) return refused(`${name}: no gzip, or damaged`, 'Copy it again.');
  return code === null ? cause : storeFailed(`${archive} can't be imported`, cause);
}

/** What was thrown, or why it was to end: a pipeline that is ended has an error of its own. */
async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    throw cause;
  }
}

/** Whether the store has the same run. @throws TapbenchError `ARCHIVE_REFUSED` where it has another of this id */
async function isThereAlready(folder: string, manifest: ArchiveManifest, signal: AbortSignal): Promise<boolean> {
  if (problemOf(folder) === 'absent') return false;
  const difference = await differenceOf(folder, manifest, signal);
  if (difference === null) return true;
  throw refused(
    `the store has a run of this id that is not all the same: ${difference}`,
    `Move ${folder} away first, or use --store.`,
  );
}

interface Import {
  readonly storeFolder: string;
  readonly archive: string;
  readonly signal: AbortSignal;
}

/** Makes an unpacked run visible, unless another import was faster: then it has to be the same. */
async function publish(
  unpacked: string,
  { storeFolder, signal }: Import,
  manifest: ArchiveManifest,
): Promise<ImportedRun['status']> {
  const folder = join(storeFolder, manifest.runId);
  try {
    await rename(unpacked, folder);
    await syncFolder(dirname(folder));
    return 'imported';
  } catch (cause) {
    const isTaken = ['ENOTEMPTY', 'EEXIST'].includes(errnoOf(cause) ?? '');
    if (isTaken && (await isThereAlready(folder, manifest, signal))) return 'already-there';
    throw cause;
  }
}

async function takeIn(wanted: Import, checked: ReadArchive): Promise<ImportedRun['status']> {
  const { storeFolder, archive, signal } = wanted;
  const { manifest, sha256 } = checked;
  return await withImportDraft(storeFolder, async (draft) => {
    await unpackArchive(archive, { draft, checked, signal });
    const unpacked = join(draft, manifest.runId);
    const provenance: Provenance = {
      importedAt: new Date().toISOString(),
      archive: basename(archive),
      archiveSha256: sha256,
      tapbenchVersion: manifest.tapbenchVersion,
    };
    await writeDurably(join(unpacked, layout.imported), recordText(provenance));
    await syncFolders(unpacked);
    signal.throwIfAborted();
    return await publish(unpacked, wanted, manifest);
  });
}

/**
 * Puts an archived run into a store. It is checked to the last byte and record before anything is written, then unpacked beside the runs, and only then
 * becomes one of them; whatever goes wrong leaves the store as it was.
 * @param signal ends it; then its reason is thrown
 * @throws TapbenchError `ARCHIVE_REFUSED`, `STORE_FAILED`
 */
export async function importArchive(
  storeFolder: string,
  archive: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ImportedRun> {
  await demandStore(storeFolder);
  try {
    return await untilAborted(signal, async () => {
      const checked = await checkArchive(archive, signal);
      const { runId } = checked.manifest;
      const folder = join(storeFolder, runId);
      if (await isThereAlready(folder, checked.manifest, signal)) return { runId, folder, status: 'already-there' };
      return { runId, folder, status: await takeIn({ storeFolder, archive, signal }, checked) };
    });
  } catch (cause) {
    throw readable(archive, cause);
  }
}
