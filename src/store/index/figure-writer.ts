import type { DatabaseSync } from 'node:sqlite';
import { forgetTrials } from './refresh-runs.ts';
import { numberOf } from './row.ts';
import type { Digest, TrialDigest } from './trial-digest.ts';

export interface StaleRun {
  readonly run: number;
  readonly folder: string;
  readonly contents: string;
  /** Its header is another than the one that its trials were judged with. */
  readonly isNewHeader: boolean;
}

export interface NewTrial {
  readonly trialId: string;
  readonly signature: string;
}

export interface Batch {
  readonly stale: StaleRun;
  /** What the index had of the run is to go first. */
  readonly isReset: boolean;
  readonly isLast: boolean;
  readonly trials: readonly NewTrial[];
  /** Trials of the run in all. */
  readonly onDisk: number;
}

/** Writes what was read of trials, each batch in a transaction of the caller. Several processes may write the same run: they write the same. */
export class FigureWriter {
  readonly #findTrial;
  readonly #forgetFigures;
  readonly #addTrial;
  readonly #addDamaged;
  readonly #findSeries;
  readonly #addSeries;
  readonly #addFigure;
  readonly #index: DatabaseSync;
  readonly #series = new Map<string, number>();

  constructor(index: DatabaseSync) {
    this.#index = index;
    this.#findTrial = index.prepare('SELECT trial FROM trials WHERE run = ? AND trialId = ?');
    this.#forgetFigures = index.prepare(
      'DELETE FROM figures WHERE series IN (SELECT series FROM series WHERE run = ?) AND trial = ?',
    );
    this.#addTrial = index.prepare(
      `INSERT OR REPLACE INTO trials (run, trialId, signature, status, configuration, block, boot, attempt, place, startedAt)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING trial`,
    );
    this.#addDamaged = index.prepare(
      "INSERT OR REPLACE INTO trials (run, trialId, signature, status) VALUES (?, ?, ?, 'damaged')",
    );
    this.#findSeries = index.prepare(
      'SELECT series FROM series WHERE run = ? AND configuration = ? AND workload = ? AND metric = ?',
    );
    this.#addSeries = index.prepare(
      'INSERT INTO series (run, configuration, workload, metric) VALUES (?, ?, ?, ?) RETURNING series',
    );
    this.#addFigure = index.prepare('INSERT OR REPLACE INTO figures VALUES (?, ?, ?, ?)');
  }

  write({ stale, isReset, isLast, trials, onDisk }: Batch, digests: readonly Digest[]): void {
    const { run, contents } = stale;
    // Between our transactions another process may have written the same run.
    this.#series.clear();
    if (isReset) {
      forgetTrials(this.#index, run);
      this.#index.prepare('UPDATE runs SET figuresOf = NULL WHERE run = ?').run(run);
    }
    const signatures = new Map(trials.map(({ trialId, signature }) => [trialId, signature]));
    for (const digest of digests) this.#writeTrial(run, digest, signatures.get(digest.trialId) ?? '');
    if (isLast && this.#trialsOf(run) === onDisk) {
      this.#index.prepare('UPDATE runs SET figuresOf = ? WHERE run = ?').run(contents, run);
    }
  }

  #trialsOf(run: number): number {
    return numberOf(this.#index.prepare('SELECT count(*) AS count FROM trials WHERE run = ?').get(run) ?? {}, 'count');
  }

  #writeTrial(run: number, digest: Digest, signature: string): void {
    const known = this.#findTrial.get(run, digest.trialId);
    if (known !== undefined) this.#forgetFigures.run(run, numberOf(known, 'trial'));
    if (digest.status === 'damaged') this.#addDamaged.run(run, digest.trialId, signature);
    else this.#writeFigures(run, digest, signature);
  }

  #writeFigures(run: number, digest: TrialDigest, signature: string): void {
    const row = this.#addTrial.get(
      ...[run, digest.trialId, signature, digest.status, digest.configuration],
      ...[digest.block, digest.boot, digest.attempt, digest.place, digest.startedAtMs],
    );
    const trial = numberOf(row ?? {}, 'trial');
    for (const { workload, metric, value } of digest.figures) {
      this.#addFigure.run(this.#seriesOf(run, digest.configuration, { workload, metric }), digest.boot, trial, value);
    }
  }

  #seriesOf(run: number, configuration: string, { workload, metric }: { workload: string; metric: string }): number {
    const key = [run, configuration, workload, metric] as const;
    const name = key.join('\n');
    const known = this.#series.get(name);
    if (known !== undefined) return known;
    const series = numberOf(this.#findSeries.get(...key) ?? this.#addSeries.get(...key) ?? {}, 'series');
    this.#series.set(name, series);
    return series;
  }
}
