import { deriveRun } from '../derive/derive.ts';
import { storeFolder } from '../host/folders.ts';
import type { Run } from '../record/run.ts';
import { type DamagedRecord, readRun as readStoredRun } from '../store/read-run.ts';
import { Store } from '../store/store.ts';

export interface StoreOptions {
  /** Folder of the runs; default: `TAPBENCH_STORE`, else the user's data folder. */
  readonly store?: string | undefined;
}

export interface ReadRun {
  readonly run: Run;
  readonly folder: string;
  /** Records that could not be read: their trials are not in `run`. */
  readonly damaged: readonly DamagedRecord[];
}

/**
 * Reads a run and judges it with the audits and formulas of this version.
 * @param text id, the beginning of one, `latest`, or a path
 * @throws TapbenchError `RUN_NOT_FOUND`, `RECORD_INVALID`, `STORE_FAILED`
 */
export async function readRun(text: string, options: StoreOptions = {}): Promise<ReadRun> {
  const place = await Store.open(storeFolder(options.store)).resolveRun(text);
  const { folder, header, trials, ends, tags, damaged } = await readStoredRun(place.folder);
  return { run: deriveRun({ header, trials, ends, tags }), folder, damaged };
}
