import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { TapbenchError } from '../../record/error.ts';
import { DigestPool } from './digest-pool.ts';
import { type Batch, FigureWriter, type NewTrial, type StaleRun } from './figure-writer.ts';
import { numberOf, textOf } from './row.ts';
import { headerPart, trialNames, trialSignature } from './run-signature.ts';
import { contentsSql } from './schema-table.ts';
import { inTransaction } from './transaction.ts';
import type { Digest } from './trial-digest.ts';

/** How far a reading of trials is. */
export interface IndexProgress {
  readonly runs: number;
  readonly totalRuns: number;
  readonly trials: number;
}

export interface FigureRefresh {
  readonly storeFolder: string;
  /** Only of these runs. */
  readonly runIds?: readonly string[] | undefined;
  readonly onProgress?: ((progress: IndexProgress) => void) | undefined;
}

/** Trials of one request to a reading thread, and of one transaction. */
const trialsAtOnce = 25;

function staleRuns(index: DatabaseSync, { storeFolder, runIds }: FigureRefresh): StaleRun[] {
  const rows = index
    .prepare(
      `SELECT run, runId, figuresOf, ${contentsSql} AS contents FROM runs
       WHERE experiment IS NOT NULL AND figuresOf IS NOT ${contentsSql}
       AND (?1 IS NULL OR runId IN (SELECT value FROM json_each(?1))) ORDER BY runId`,
    )
    .all(runIds === undefined ? null : JSON.stringify(runIds));
  return rows.map((row) => {
    const contents = textOf(row, 'contents');
    const before = typeof row['figuresOf'] === 'string' ? row['figuresOf'] : '';
    const folder = join(storeFolder, textOf(row, 'runId'));
    return { run: numberOf(row, 'run'), folder, contents, isNewHeader: headerPart(before) !== headerPart(contents) };
  });
}

function trialsOnDisk(folder: string): NewTrial[] {
  return trialNames(folder).flatMap((trialId) => {
    const signature = trialSignature(folder, trialId);
    return signature === null ? [] : [{ trialId, signature }];
  });
}

/** The trials of a run that are to be read: all where one that the index knows is gone or another now, else those that are new. */
function* batchesOf(index: DatabaseSync, stale: StaleRun): Generator<Batch> {
  const onDisk = trialsOnDisk(stale.folder);
  const rows = index.prepare('SELECT trialId, signature FROM trials WHERE run = ?').all(stale.run);
  const known = new Map(rows.map((row) => [textOf(row, 'trialId'), textOf(row, 'signature')]));
  const unknown = onDisk.filter(({ trialId, signature }) => known.get(trialId) !== signature);
  const isReset = stale.isNewHeader || onDisk.length - unknown.length !== known.size;
  const wanted = isReset ? onDisk : unknown;
  for (let start = 0; start === 0 || start < wanted.length; start += trialsAtOnce) {
    const end = start + trialsAtOnce;
    const trials = wanted.slice(start, end);
    yield { stale, trials, isReset: isReset && start === 0, isLast: end >= wanted.length, onDisk: onDisk.length };
  }
}

function* allBatches(index: DatabaseSync, stale: readonly StaleRun[]): Generator<Batch> {
  for (const run of stale) yield* batchesOf(index, run);
}

/**
 * Brings the figures of the index up to the trials on disk, after `refreshRuns`. Reads new trials only, and never holds more than a few dozen of them.
 * @returns how many trials were read
 */
export async function refreshFigures(index: DatabaseSync, refresh: FigureRefresh): Promise<number> {
  const stale = staleRuns(index, refresh);
  if (stale.length === 0) return 0;
  await using pool = new DigestPool();
  const writer = new FigureWriter(index);
  const underWay: { batch: Batch; digests: Promise<Digest[]> }[] = [];
  let runs = 0;
  let read = 0;
  const finishOldest = async (): Promise<void> => {
    const oldest = underWay.shift();
    if (oldest === undefined) return;
    // Its header can't be used any more: the next reader finds it damaged.
    const digests = await oldest.digests.catch((cause: unknown) => {
      if (cause instanceof TapbenchError) return [];
      throw cause;
    });
    inTransaction(index, () => {
      writer.write(oldest.batch, digests);
    });
    read += digests.length;
    runs += oldest.batch.isLast ? 1 : 0;
    refresh.onProgress?.({ runs, totalRuns: stale.length, trials: read });
  };
  for (const batch of allBatches(index, stale)) {
    const digests = pool.digest({ folder: batch.stale.folder, trialIds: batch.trials.map(({ trialId }) => trialId) });
    // Awaited in order below; until then a failure is nobody's.
    digests.catch(() => undefined);
    underWay.push({ batch, digests });
    if (underWay.length >= DigestPool.depth) await finishOldest();
  }
  while (underWay.length > 0) await finishOldest();
  return read;
}
