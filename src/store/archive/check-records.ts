import { join } from 'node:path';
import { TapbenchError } from '../../record/error.ts';
import { runEnd, runHeader } from '../../record/run.ts';
import { gatheredTrial } from '../../record/trial.ts';
import { layout } from '../layout.ts';
import { readRecord } from '../stored-record.ts';
import { readTags } from '../tags.ts';
import { type ArchiveManifest, refused } from './archive-manifest.ts';
import { isRecordPath } from './run-files.ts';

async function checkRecord(unpacked: string, path: string, runId: string): Promise<void> {
  const file = join(unpacked, path);
  if (path === layout.header || path.startsWith(`${layout.trials}/`)) {
    const record = path === layout.header ? await readRecord(file, runHeader) : await readRecord(file, gatheredTrial);
    if (record.runId !== runId) throw refused(`${path} is of the run ${JSON.stringify(record.runId)}, not of ${runId}`);
  } else await readRecord(file, runEnd);
}

/**
 * Checks that what was unpacked is a run that can be read, and the one that the archive says.
 * @throws TapbenchError `ARCHIVE_REFUSED`
 */
export async function checkRecords(unpacked: string, { runId, files }: ArchiveManifest): Promise<void> {
  const paths = files.map(({ path }) => path);
  if (!paths.includes(layout.header)) throw refused(`there is no ${layout.header} in the archive`);
  try {
    for (const path of paths.filter(isRecordPath)) await checkRecord(unpacked, path, runId);
    await readTags(unpacked);
  } catch (cause) {
    if (!(cause instanceof TapbenchError) || cause.code !== 'RECORD_INVALID') throw cause;
    throw refused(`a record in the archive can't be used: ${cause.message.replace(`${unpacked}/`, '')}`);
  }
}
