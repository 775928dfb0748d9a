import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { judgedRun } from '../derive/derive.ts';
import { storeFolder } from '../host/folders.ts';
import type { ReadNote } from '../lab-note/read-note.ts';
import { type NoteRecord, noteRecord } from '../lab-note/record/note-record.ts';
import { TapbenchError } from '../record/error.ts';
import { gatheredOf } from '../record/gathered-of.ts';
import type { Run } from '../record/run.ts';
import { wholeTrial } from '../record/trial.ts';
import type { ImportedRun } from '../store/archive/import-archive.ts';
import { importRecords } from '../store/import-records.ts';
import { layout } from '../store/layout.ts';
import { readPlainFile } from '../store/plain-file.ts';
import { newRunId } from '../store/run-id.ts';
import { Store } from '../store/store.ts';
import { vmmOfThread } from '../vmm/thread-role.ts';
import type { ImportOptions } from './archive.ts';
import { mostNoteBytes, noteOf, readNoteText } from './note-file.ts';
import { version } from './version.ts';

/** A lab note with the records that were made of it. */
export interface NoteRun {
  readonly text: string;
  readonly note: ReadNote;
  readonly sha256: string;
  readonly records: NoteRecord;
  /** The same, judged like any run. */
  readonly run: Run;
}

/** A person may have typed any number; what a record can't hold is told, and not an error of ours when it is stored. */
function refuseImpossible(file: string, { trials }: NoteRecord): void {
  const [issue] = trials.flatMap((trial) => wholeTrial.safeParse(trial).error?.issues ?? []);
  if (issue === undefined) return;
  throw new TapbenchError('USAGE', `${file}: ${issue.path.join('.')}: ${issue.message}`, {
    hint: 'a figure of the note is none that can be: correct it, or leave it out',
  });
}

/** Without its ending, as the name of an experiment. */
function nameOf(file: string): string {
  return basename(file).replace(/\.[^.]*$/, '');
}

/**
 * Reads a lab note as a run, which may be empty.
 * @throws TapbenchError `USAGE` where it is no text, too large, or has nothing that looks like a note
 */
export async function readAnyNoteRun(file: string): Promise<NoteRun> {
  const text = await readNoteText(file);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const note = noteOf(file, text);
  const readAt = new Date().toISOString();
  const records = noteRecord(note, {
    file: basename(file),
    sha256,
    readAt,
    runId: newRunId(readAt, nameOf(file)),
    roleOf: vmmOfThread,
  });
  if (note.sections.length === 0) throw new TapbenchError('USAGE', `${file}: there is no command and no output in it`);
  refuseImpossible(file, records);
  return { text, note, sha256, records, run: judgedRun(records) };
}

/**
 * Reads a lab note as a run: what it does not say is null, with the reason.
 * @throws TapbenchError `USAGE` where it is no text, too large, or has no figure that was understood
 */
export async function readNoteRun(file: string): Promise<NoteRun> {
  const note = await readAnyNoteRun(file);
  if (note.records.trials.length > 0) return note;
  const isUnderstood = note.note.sections.some(({ readings }) => readings.length > 0);
  const why = isUnderstood ? 'none of its outputs has a figure for a record' : 'no figure in it was understood';
  throw new TapbenchError('USAGE', `${file}: ${why}`, {
    hint: `what was read of it: tapbench notes read ${file}`,
  });
}

/** The run that was read from a note of the same text, if the store has one. */
async function sameNote(store: Store, sha256: string): Promise<string | null> {
  const notes = (await store.listRuns()).filter(({ source }) => source === 'lab-note');
  for (const { runId } of notes) {
    const text = await readPlainFile(join(store.runFolder(runId), layout.note), mostNoteBytes).catch(() => null);
    if (text !== null && createHash('sha256').update(text).digest('hex') === sha256) return runId;
  }
  return null;
}

/**
 * Puts a lab note into the store beside measured runs, marked as what it is. One that is there already is left alone.
 * @throws TapbenchError `USAGE`, `STORE_FAILED`
 */
export async function importNote(file: string, options: ImportOptions = {}): Promise<ImportedRun> {
  const { text, sha256, records } = await readNoteRun(file);
  const store = Store.open(storeFolder(options.store));
  const there = await sameNote(store, sha256);
  if (there !== null) return { runId: there, folder: store.runFolder(there), status: 'already-there' };
  const { header } = records;
  const provenance = {
    importedAt: header.startedAt,
    archive: basename(file),
    archiveSha256: sha256,
    tapbenchVersion: version,
  };
  // A signal is heard of only after what was read at once: a turn for it.
  await setImmediate();
  options.signal?.throwIfAborted();
  const folder = await importRecords(store.folder, {
    ...records,
    trials: records.trials.map(gatheredOf),
    text,
    provenance,
  });
  return { runId: header.runId, folder, status: 'imported' };
}
