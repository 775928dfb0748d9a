import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { deriveRun } from '../derive/derive.ts';
import { storeFolder } from '../host/folders.ts';
import type { Run } from '../record/run.ts';
import { type DamagedRecord, readRun as readStoredRun } from '../store/read-run.ts';
import { Store } from '../store/store.ts';
import { isNotePath } from './note-file.ts';
import { readNoteRun } from './note-run.ts';
import type { StoreOptions } from './store-options.ts';

export interface ReadRun {
  readonly run: Run;
  readonly folder: string;
  /** Records that could not be read: their trials are not in `run`. */
  readonly damaged: readonly DamagedRecord[];
}

/** A lab note that is named by its path; null for everything else. */
async function noteOf(text: string): Promise<ReadRun | null> {
  const isFile = isNotePath(text) && (await stat(text).catch(() => null))?.isFile() === true;
  return isFile ? { run: (await readNoteRun(text)).run, folder: dirname(resolve(text)), damaged: [] } : null;
}

/**
 * Reads a run and judges it with the audits and formulas of this version.
 * @param text id, the beginning of one, `latest`, or a path: of a run's folder, or of a lab note
 * @throws TapbenchError `RUN_NOT_FOUND`, `RECORD_INVALID`, `STORE_FAILED`
 */
export async function readRun(text: string, options: StoreOptions = {}): Promise<ReadRun> {
  const note = await noteOf(text);
  if (note !== null) return note;
  const place = await Store.open(storeFolder(options.store)).resolveRun(text, options.onNotice);
  const { folder, header, trials, ends, tags, damaged } = await readStoredRun(place.folder);
  return { run: deriveRun({ header, trials, ends, tags }), folder, damaged };
}
