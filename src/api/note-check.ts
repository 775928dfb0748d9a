import { basename } from 'node:path';
import { checkSums } from '../lab-note/check-sums.ts';
import type { Measurement } from '../record/measurement.ts';
import type { NoteCheck, NoteCounts, NoteRemark } from '../report/note/check.ts';
import { mainFigureOf } from '../workload/questions.ts';
import { readAnyNoteRun } from './note-run.ts';

/** Counts of system calls that belong to no output of a workload: they are all that the note has of it. */
function countsAlone({ spec, systemCalls, noted }: Measurement): NoteCounts[] {
  if (mainFigureOf(spec) !== null || systemCalls === null) return [];
  const calls = systemCalls.threads.flatMap((thread) =>
    thread.calls.map(({ name, request, count }) => ({ name: [name, request ?? ''].join(' ').trim(), count })),
  );
  return [{ line: noted?.line ?? null, source: systemCalls.source, calls }];
}

/** What a reviewer would say of a lab note: the audits on its figures, sums that don't add up, and what could not be read. */
export async function checkNote(file: string): Promise<NoteCheck> {
  const { note, run, records } = await readAnyNoteRun(file);
  const audits = run.trials.flatMap((trial) =>
    trial.measurements.flatMap(({ findings, noted, workload }) =>
      findings.map(
        ({ level, audit, message }): NoteRemark => ({
          level,
          audit,
          message,
          line: noted?.line ?? null,
          place: `${trial.configuration.name}, ${workload}`,
        }),
      ),
    ),
  );
  const sums = checkSums(note).map(
    ({ level, message, line }): NoteRemark => ({ level, audit: 'sums', message, line, place: null }),
  );
  const { source } = records.header;
  return {
    file: basename(file),
    measurements: run.trials.reduce((sum, { measurements }) => sum + measurements.length, 0),
    counts: run.trials.flatMap(({ measurements }) => measurements.flatMap(countsAlone)),
    remarks: [...audits, ...sums],
    notRecorded: source.kind === 'lab-note' ? source.notRecorded : [],
    leftOut: source.kind === 'lab-note' ? source.leftOut : [],
  };
}
