import { TapbenchError } from '../../record/error.ts';
import { type RunHeader, runEnd, runHeader } from '../../record/run.ts';
import { gatheredTrial } from '../../record/trial.ts';
import { mostRecordBytes } from '../bounded-json.ts';
import { layout } from '../layout.ts';
import { startOfRunId } from '../run-id.ts';
import { parseRecord } from '../stored-record.ts';
import { storedTags } from '../tags.ts';
import { type ArchivedFile, type ArchiveManifest, refused } from './archive-manifest.ts';
import { type ArchiveVisitor, collected, type ReadArchive, readArchive } from './read-archive.ts';
import { isEndPath, isRecordPath } from './run-path.ts';

/** How far ahead of ours the clock of the host may be that measured a run: one from the future would be the latest until then. */
const mostAheadMs = 86_400_000;

/** A run has one for each time that it was resumed; each is a record to be read, and a file to be synced. */
const mostEnds = 1_000;

function checkEnds({ files }: ArchiveManifest): void {
  const ends = files.filter(({ path }) => isEndPath(path));
  if (ends.length > mostEnds) throw refused(`it has more than ${mostEnds.toLocaleString('en')} ends of a run`);
}

function isRead(path: string): boolean {
  return path === layout.tags || isRecordPath(path);
}

/** Sizes of all records, before one is read. */
function checkSizes({ files }: ArchiveManifest): void {
  const large = files.find(({ path, bytes }) => isRead(path) && bytes > mostRecordBytes);
  if (large === undefined) return;
  throw refused(
    `${large.path} has ${String(large.bytes)} bytes: a record has ${String(mostRecordBytes)} at most`,
    'It was not made by tapbench.',
  );
}

function refuseOtherRun(path: string, found: string, runId: string): void {
  if (found !== runId) throw refused(`${path} is of the run ${JSON.stringify(found)}, not of ${runId}`);
}

function checkHeader(header: RunHeader, runId: string): void {
  refuseOtherRun(layout.header, header.runId, runId);
  const start = Date.parse(header.startedAt);
  const isOfId = Math.floor(start / 1_000) * 1_000 === startOfRunId(runId);
  if (!isOfId) throw refused(`${runId} began at another time than its ${layout.header} says: ${header.startedAt}`);
  if (start > Date.now() + mostAheadMs) throw refused(`it began in the future: ${header.startedAt}`);
  const ids = header.plan.map(({ trialId }) => trialId);
  if (new Set(ids).size !== ids.length) throw refused(`${layout.header} plans a trial twice`);
}

/** Whether a record can be used, and is of its run and its place in it. */
function checkRecord(path: string, bytes: Buffer, runId: string): void {
  if (path === layout.header) checkHeader(parseRecord(path, bytes, runHeader), runId);
  else if (path === layout.tags) parseRecord(path, bytes, storedTags);
  else if (path.startsWith(`${layout.trials}/`)) {
    const trial = parseRecord(path, bytes, gatheredTrial);
    refuseOtherRun(path, trial.runId, runId);
    const folder = path.split('/')[1] ?? '';
    if (trial.trialId !== folder) throw refused(`${path} is of the trial ${JSON.stringify(trial.trialId)}`);
  } else parseRecord(path, bytes, runEnd);
}

/** Lets a content go by, of which only the checksum is of interest: it is made on the way. */
async function passed(content: AsyncIterable<Buffer>): Promise<void> {
  const pieces = content[Symbol.asyncIterator]();
  let isDone = false;
  while (!isDone) isDone = (await pieces.next()).done === true;
}

class Checker implements ArchiveVisitor {
  #runId = '';

  onManifest(manifest: ArchiveManifest): Promise<void> {
    checkSizes(manifest);
    checkEnds(manifest);
    this.#runId = manifest.runId;
    return Promise.resolve();
  }

  async onFile({ path }: ArchivedFile, content: AsyncIterable<Buffer>): Promise<void> {
    if (!isRead(path)) {
      await passed(content);
      return;
    }
    try {
      checkRecord(path, await collected(content), this.#runId);
    } catch (cause) {
      if (!(cause instanceof TapbenchError) || cause.code !== 'RECORD_INVALID') throw cause;
      throw refused(`a record in the archive can't be used: ${cause.message}`);
    }
  }
}

/**
 * Reads an archive to its last byte and record, and writes nothing. One record is held at a time.
 * @throws TapbenchError `ARCHIVE_REFUSED`, and as `readArchive`
 */
export async function checkArchive(archive: string, signal: AbortSignal): Promise<ReadArchive> {
  const checked = await readArchive(archive, new Checker(), signal);
  if (checked.manifest.files.some(({ path }) => path === layout.header)) return checked;
  throw refused(`there is no ${layout.header} in the archive`);
}
