import { resolve } from 'node:path';
import { storeFolder } from '../host/folders.ts';
import { type ImportedRun, importArchive } from '../store/archive/import-archive.ts';
import { type WrittenArchive, writeArchive } from '../store/archive/write-archive.ts';
import { Store } from '../store/store.ts';
import type { StoreOptions } from './store-options.ts';
import { version } from './version.ts';

export interface ArchiveOptions extends StoreOptions {
  /** File to make; default: the id of the run with `.tar.gz`, in the working folder. */
  readonly output?: string | undefined;
  /** Whether tool output and consoles go in; default: yes. */
  readonly hasRawFiles?: boolean | undefined;
  /** Ends it and leaves nothing; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface ImportOptions extends StoreOptions {
  /** Ends it and leaves nothing; then its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Packs a run into one file that `importRun` takes.
 * @param text id, the beginning of one, `latest`, or a path
 * @throws TapbenchError `RUN_NOT_FOUND`, `RECORD_INVALID` for a run with damaged records, `STORE_FAILED`, `OUTPUT_FAILED`
 */
export async function archiveRun(text: string, options: ArchiveOptions = {}): Promise<WrittenArchive> {
  const { runId, folder } = await Store.open(storeFolder(options.store)).resolveRun(text, options.onNotice);
  const output = resolve(options.output ?? `${runId}.tar.gz`);
  const { hasRawFiles = true, signal } = options;
  return await writeArchive({ folder, output, hasRawFiles, tapbenchVersion: version, signal });
}

/**
 * Puts an archived run into the store, after checking all of it.
 * @throws TapbenchError `ARCHIVE_REFUSED`, `STORE_FAILED`; the store is then as it was
 */
export async function importRun(archive: string, options: ImportOptions = {}): Promise<ImportedRun> {
  return await importArchive(storeFolder(options.store), resolve(archive), options.signal);
}

export type { ImportedRun, WrittenArchive };
