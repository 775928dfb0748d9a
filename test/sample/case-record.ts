import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveRun } from '../../src/derive/derive.ts';
import { fingerprintsOf } from '../../src/derive/fingerprint.ts';
import { readNote } from '../../src/lab-note/read-note.ts';
import { noteRecord } from '../../src/lab-note/record/note-record.ts';
import { gatheredOf } from '../../src/record/gathered-of.ts';
import type { Measurement } from '../../src/record/measurement.ts';
import { type Run, runEnd, runHeader } from '../../src/record/run.ts';
import { gatheredTrial } from '../../src/record/trial.ts';
import { vmmOfThread } from '../../src/vmm/thread-role.ts';

const folder = join(import.meta.dirname, '../fixtures/lab-note-cases');

/** The run that a note becomes: its records as the store takes them, judged. */
export function runOfNote(text: string): Run {
  const origin = { file: 'a note.md', sha256: '00', readAt: '2026-01-01T00:00:00.000Z', runId: 'note' };
  const { header, trials, ends } = noteRecord(readNote(text), { ...origin, roleOf: vmmOfThread });
  return deriveRun({
    header: runHeader.parse(header),
    trials: trials.map((each) => gatheredTrial.parse(gatheredOf(each))),
    ends: ends.map((each) => runEnd.parse(each)),
  });
}

/** Of one of the made-up notes. */
export function runOfCase(name: string): Run {
  return runOfNote(readFileSync(join(folder, `${name}.md`), 'utf8'));
}

export function measurementsOf({ trials }: Run): Measurement[] {
  return trials.flatMap(({ measurements }) => measurements);
}

/** `12 the server's own output`: what is in no figure, with its line. */
export function leftOutOf({ source }: Run): string[] {
  return source.kind === 'lab-note' ? source.leftOut.map(({ line, what }) => `${String(line)} ${what}`) : [];
}

/** `doubt stream-sum`: what audits say, without what every note is told. */
export function findingsOf({ findings }: Measurement): string[] {
  const usual = new Set(['repetition', 'host-not-said', 'agreement', 'short-window']);
  return findings.filter(({ audit }) => !usual.has(audit)).map(({ level, audit }) => `${level} ${audit}`);
}

/** The calls of each fingerprint of a run, most frequent first, with the machine that it is of. */
export function fingerprintCallsOf(run: Run): [machine: string | null, calls: string[]][] {
  return fingerprintsOf(run).map(({ machine, calls }) => [machine, calls.map(({ call }) => call)]);
}
