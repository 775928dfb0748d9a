import type { DatabaseSync } from 'node:sqlite';
import type { RunHead } from '../list-runs.ts';
import { type FoundRun, findRuns } from '../run-folders.ts';
import { startOfRun } from '../run-id.ts';
import { configurationFields } from './configuration-fields.ts';
import { numberOf, textOf, textsOf } from './row.ts';
import { hasFinished, type RunSignature, runSignature } from './run-signature.ts';
import { inTransaction } from './transaction.ts';

interface StaleRun extends FoundRun {
  readonly signature: RunSignature;
}

interface ReadHead extends StaleRun {
  readonly head: RunHead;
}

/** Runs written in one transaction. */
const runsAtOnce = 50;

interface KnownRun {
  readonly run: number;
  readonly signature: string;
  readonly isInDoubt: boolean;
  readonly openTrials: readonly string[];
}

function knownRuns(index: DatabaseSync): Map<string, KnownRun> {
  const rows = index.prepare('SELECT run, runId, signature, isInDoubt, openTrials FROM runs').all();
  return new Map(
    rows.map((row) => [
      textOf(row, 'runId'),
      {
        run: numberOf(row, 'run'),
        signature: textOf(row, 'signature'),
        isInDoubt: numberOf(row, 'isInDoubt') !== 0,
        openTrials: textsOf(row, 'openTrials'),
      },
    ]),
  );
}

/** Takes a run and all that hangs on it out of the index. */
function forgetRun(index: DatabaseSync, run: number): void {
  forgetTrials(index, run);
  index.prepare('DELETE FROM verdicts WHERE run = ?').run(run);
  forgetHead(index, run);
  index.prepare('DELETE FROM runs WHERE run = ?').run(run);
}

function forgetHead(index: DatabaseSync, run: number): void {
  index
    .prepare('DELETE FROM fields WHERE configuration IN (SELECT configuration FROM configurations WHERE run = ?)')
    .run(run);
  index.prepare('DELETE FROM configurations WHERE run = ?').run(run);
  index.prepare('DELETE FROM tags WHERE run = ?').run(run);
}

/** Takes the trials of a run with their figures out of the index. */
export function forgetTrials(index: DatabaseSync, run: number): void {
  index.prepare('DELETE FROM figures WHERE series IN (SELECT series FROM series WHERE run = ?)').run(run);
  index.prepare('DELETE FROM series WHERE run = ?').run(run);
  index.prepare('DELETE FROM trials WHERE run = ?').run(run);
}

const upsertRun = `
  INSERT INTO runs
    (runId, startedAt, experiment, status, stoppedBy, fingerprint, summary, finishedTrials, openTrials, signature, isInDoubt)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (runId) DO UPDATE SET startedAt = excluded.startedAt, experiment = excluded.experiment,
    status = excluded.status, stoppedBy = excluded.stoppedBy, fingerprint = excluded.fingerprint,
    summary = excluded.summary, finishedTrials = excluded.finishedTrials, openTrials = excluded.openTrials,
    signature = excluded.signature, isInDoubt = excluded.isInDoubt
  RETURNING run`;

function writeHead(index: DatabaseSync, { head, signature }: ReadHead): void {
  const { summary, header, stoppedBy, openTrials } = head;
  const row = index.prepare(upsertRun).get(
    ...[summary.runId, startOfRun(summary.runId, summary.startedAt), summary.experiment, summary.status, stoppedBy],
    ...[summary.fingerprint, JSON.stringify(summary), summary.finishedTrials, JSON.stringify(openTrials)],
    // What is wrong with a record can change without a trace in the signature.
    ...[signature.text, Number(signature.isInDoubt || summary.problem !== null)],
  );
  const run = numberOf(row ?? {}, 'run');
  forgetHead(index, run);
  for (const tag of summary.tags) index.prepare('INSERT OR IGNORE INTO tags VALUES (?, ?)').run(run, tag);
  if (header === null) {
    // Its trials can't be judged without it.
    forgetTrials(index, run);
    index.prepare('UPDATE runs SET figuresOf = NULL, verdictsOf = NULL WHERE run = ?').run(run);
    return;
  }
  const addField = index.prepare('INSERT INTO fields VALUES (?, ?, ?, ?)');
  for (const configuration of header.experiment.configurations) {
    const added = index
      .prepare('INSERT OR IGNORE INTO configurations (run, name) VALUES (?, ?) RETURNING configuration')
      .get(run, configuration.name);
    if (added === undefined) continue;
    const id = numberOf(added, 'configuration');
    for (const { path, value, number } of configurationFields(configuration, header))
      addField.run(id, path, value, number);
  }
}

async function readHeads(stale: readonly StaleRun[]): Promise<ReadHead[]> {
  // Only now, as a list of runs that are all known must not wait for the schemas of the records.
  const { readRunHead } = await import('../list-runs.ts');
  return await Promise.all(stale.map(async (run) => ({ ...run, head: await readRunHead(run) })));
}

function isUpToDate({ folder, signature }: StaleRun, known: KnownRun | undefined): boolean {
  if (known?.signature !== signature.text || known.isInDoubt) return false;
  return !hasFinished(folder, known.openTrials);
}

/**
 * Brings what the index says of runs up to their folders, without opening a trial: configurations, tags, status, how many trials are finished.
 * @returns how many runs had changed, or are gone
 */
export async function refreshRuns(index: DatabaseSync, storeFolder: string): Promise<number> {
  const known = knownRuns(index);
  const stale: StaleRun[] = [];
  for (const found of findRuns(storeFolder)) {
    const signature = runSignature(found);
    const before = known.get(found.runId);
    known.delete(found.runId);
    const run = { ...found, signature };
    if (!isUpToDate(run, before)) stale.push(run);
  }
  if (known.size > 0) {
    inTransaction(index, () => {
      for (const { run } of known.values()) forgetRun(index, run);
    });
  }
  for (let start = 0; start < stale.length; start += runsAtOnce) {
    const heads = await readHeads(stale.slice(start, start + runsAtOnce));
    inTransaction(index, () => {
      for (const head of heads) writeHead(index, head);
    });
  }
  return stale.length + known.size;
}
