import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunEnd, type RunHeader, runEnd, runHeader } from '../record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../record/trial.ts';
import { syncFolder, writeDurably } from './durable-file.ts';
import { type Provenance, syncFolders, withImportDraft } from './import-draft.ts';
import { layout } from './layout.ts';
import { folderMode } from './modes.ts';
import { recordText } from './record-text.ts';
import { storeFailed } from './store-error.ts';

/** A run that was not measured by tapbench, with the text that it was read from. */
export interface ForeignRun {
  readonly header: RunHeader;
  readonly trials: readonly GatheredTrial[];
  readonly ends: readonly RunEnd[];
  readonly text: string;
  readonly provenance: Provenance;
}

async function layOut(folder: string, { header, trials, ends, text, provenance }: ForeignRun): Promise<void> {
  await mkdir(folder, { mode: folderMode });
  await writeDurably(join(folder, layout.header), recordText(runHeader.parse(header)));
  await writeDurably(join(folder, layout.note), text);
  await writeDurably(join(folder, layout.imported), recordText(provenance));
  for (const trial of trials) {
    const own = join(folder, layout.trials, trial.trialId);
    await mkdir(own, { recursive: true, mode: folderMode });
    await writeDurably(join(own, layout.trial), recordText(gatheredTrial.parse(trial)));
  }
  for (const [index, end] of ends.entries()) {
    await writeDurably(join(folder, `end-${String(index + 1).padStart(3, '0')}.json`), recordText(runEnd.parse(end)));
  }
  await syncFolders(folder);
}

/**
 * Puts a run into a store as it is: all of it, or nothing.
 * @returns its folder
 * @throws TapbenchError `STORE_FAILED`
 */
export async function importRecords(storeFolder: string, run: ForeignRun): Promise<string> {
  const folder = join(storeFolder, run.header.runId);
  return await withImportDraft(storeFolder, async (draft) => {
    const whole = join(draft, run.header.runId);
    try {
      await layOut(whole, run);
      await rename(whole, folder);
      await syncFolder(storeFolder);
    } catch (cause) {
      throw storeFailed(`${folder} can't be written`, cause);
    }
    return folder;
  });
}
