import { join } from 'node:path';
import { type RunHeader, runHeader } from '../record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../record/trial.ts';
import { layout } from './layout.ts';
import { type DamagedRecord, trialFiles } from './read-run.ts';
import { storeFailed } from './store-error.ts';
import { readRecord } from './stored-record.ts';

export interface StoredTrial {
  readonly header: RunHeader;
  readonly trial: GatheredTrial;
}

async function readOr<T>(file: string, read: () => Promise<T>, onDamaged: (record: DamagedRecord) => void) {
  try {
    return await read();
  } catch (cause) {
    onDamaged({ file, error: storeFailed(`${file} can't be read`, cause) });
    return null;
  }
}

/** The finished trials of a run in the order of their ids, one at a time: runs may be larger than memory. What can't be read is handed to `onDamaged` and left out. */
export async function* storedTrials(
  folder: string,
  onDamaged: (record: DamagedRecord) => void,
): AsyncGenerator<StoredTrial> {
  const headerFile = join(folder, layout.header);
  const header = await readOr(headerFile, async () => readRecord(headerFile, runHeader), onDamaged);
  if (header === null) return;
  const files = await readOr(join(folder, layout.trials), async () => trialFiles(folder), onDamaged);
  for (const file of files ?? []) {
    const trial = await readOr(file, async () => readRecord(file, gatheredTrial), onDamaged);
    if (trial !== null) yield { header, trial };
  }
}
