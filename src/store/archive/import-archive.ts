import { rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { syncFolder, writeDurably } from '../durable-file.ts';
import { type Provenance, syncFolders, withImportDraft } from '../import-draft.ts';
import { isThere, layout } from '../layout.ts';
import { errnoOf, storeFailed } from '../store-error.ts';
import { recordText } from '../stored-record.ts';
import { type ArchiveManifest, refused } from './archive-manifest.ts';
import { checkRecords } from './check-records.ts';
import { differenceOf } from './same-run.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface ImportedRun {
  readonly runId: string;
  readonly folder: string;
  /** `already-there`: the store has the same run; nothing was changed. */
  readonly status: 'imported' | 'already-there';
}

/** An error as what it means for the archive, which it names. */
function readable(archive: string, cause: unknown): unknown {
  const name = basename(archive);
  if (cause instanceof TapbenchError) {
    if (cause.code !== 'ARCHIVE_REFUSED') return cause;
    return refused(`${name}: ${cause.message}`, cause.hint ?? undefined);
  }
  const code = errnoOf(cause);
  if (code === 'Z_BUF_ERROR') return refused(`${name}: the archive is cut off`, 'Copy it again.');
  if (code?.startsWith('Z_') === true) return refused(`${name}: no gzip, or damaged`, 'Copy it again.');
  return code === null ? cause : storeFailed(`${archive} can't be imported`, cause);
}

/** A name that is none of a file is wrong use, and no fault of the store. */
async function refuseNoFile(archive: string): Promise<void> {
  const found = await stat(archive).catch((cause: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(cause) ?? '')) return null;
    throw storeFailed(`${archive} can't be imported`, cause);
  });
  const hint = 'Give a file that tapbench archive made.';
  if (found === null) throw refused(`${archive}: no such file`, hint);
  if (found.isDirectory()) throw refused(`${archive}: is a folder`, hint);
}

/** Makes an unpacked run visible, unless the store has one of that id: then it has to be the same. */
async function publish(unpacked: string, folder: string, manifest: ArchiveManifest): Promise<ImportedRun['status']> {
  if (!(await isThere(folder))) {
    try {
      await rename(unpacked, folder);
      await syncFolder(dirname(folder));
      return 'imported';
    } catch (cause) {
      // Another import was faster.
      if (!['ENOTEMPTY', 'EEXIST'].includes(errnoOf(cause) ?? '')) throw cause;
    }
  }
  const difference = await differenceOf(folder, manifest);
  if (difference === null) return 'already-there';
  throw refused(
    `the store has a run of this id that is not all the same: ${difference}`,
    `Move ${folder} away first, or use --store.`,
  );
}

async function importInto(storeFolder: string, archive: string, draft: string): Promise<ImportedRun> {
  const { manifest, sha256 } = await unpackArchive(archive, draft);
  const { runId, tapbenchVersion } = manifest;
  const unpacked = join(draft, runId);
  await checkRecords(unpacked, manifest);
  const provenance: Provenance = {
    importedAt: new Date().toISOString(),
    archive: basename(archive),
    archiveSha256: sha256,
    tapbenchVersion,
  };
  await writeDurably(join(unpacked, layout.imported), recordText(provenance));
  await syncFolders(unpacked);
  const folder = join(storeFolder, runId);
  return { runId, folder, status: await publish(unpacked, folder, manifest) };
}

/**
 * Puts an archived run into a store. It is unpacked beside the runs, checked to the last byte and record, and only then becomes one of them; whatever goes
 * wrong leaves the store as it was.
 * @throws TapbenchError `ARCHIVE_REFUSED`, `STORE_FAILED`
 */
export async function importArchive(storeFolder: string, archive: string): Promise<ImportedRun> {
  await refuseNoFile(archive);
  return await withImportDraft(storeFolder, async (draft) => {
    try {
      return await importInto(storeFolder, archive, draft);
    } catch (cause) {
      throw readable(archive, cause);
    }
  });
}
