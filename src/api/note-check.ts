import { basename } from 'node:path';
import { checkSums } from '../lab-note/check-sums.ts';
import type { NoteCheck, NoteRemark } from '../report/note/check.ts';
import { readNoteRun } from './note-run.ts';

/** What a reviewer would say of a lab note: the audits on its figures, sums that don't add up, and what could not be read. */
export async function checkNote(file: string): Promise<NoteCheck> {
  const { note, run, records } = await readNoteRun(file);
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
    remarks: [...audits, ...sums],
    notRecorded: source.kind === 'lab-note' ? source.notRecorded : [],
    leftOut: source.kind === 'lab-note' ? source.leftOut : [],
  };
}
