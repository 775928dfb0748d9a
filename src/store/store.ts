import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import { type RunEnd, type RunHeader, runEnd, runHeader, schemaVersion } from '../record/run.ts';
import { type GatheredTrial, gatheredTrial } from '../record/trial.ts';
import { makeFolder, syncFolder, writeDurably } from './durable-file.ts';
import { isThere, layout, namesIn } from './layout.ts';
import { folderMode } from './modes.ts';
import type { StoredRun } from './read-run.ts';
import { recordText } from './record-text.ts';
import type { OnNotice, RunPlace } from './resolve-run.ts';
import { isFolderName, newRunId } from './run-id.ts';
import type { RunSummary } from './run-summary.ts';
import { errnoOf, storeFailed } from './store-error.ts';
import { claimStore } from './store-mark.ts';

/** What a caller says of a new run; the store gives it its id. */
export type NewRun = Omit<RunHeader, 'schemaVersion' | 'runId'>;

/** A folder that a trial may now fill. */
export interface OpenedTrial {
  readonly folder: string;
  /** 1, or more where the trial was begun before. */
  readonly attempt: number;
}

/** Tries at a new id before we give up: a clash of 16 random bits within one second happens once in 65536. */
const idAttempts = 20;

/** Refuses what could lead out of the store. */
function folderName(id: string): string {
  if (isFolderName(id)) return id;
  throw new TapbenchError('STORE_FAILED', `${JSON.stringify(id)} can't be the name of a folder in the store`);
}

/** Runs on disk: `<store>/<runId>/run.json`, `trials/<trialId>/trial.json` beside its raw files, `end-001.json`. Append-only: what is written is never changed. What reads them is loaded when it is called: a run that begins only writes. */
export class Store {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A store in a folder, which need not exist before the first run. */
  static open(folder: string): Store {
    return new Store(resolve(folder));
  }

  runFolder(runId: string): string {
    return join(this.folder, folderName(runId));
  }

  trialFolder(runId: string, trialId: string): string {
    return join(this.runFolder(runId), layout.trials, folderName(trialId));
  }

  /**
   * Makes the folder of a new run; its id. It is a run once it has its header.
   * @throws TapbenchError `STORE_FAILED`
   */
  async beginRun(run: Pick<NewRun, 'startedAt' | 'experiment'>): Promise<string> {
    await claimStore(this.folder);
    return await this.#makeRunFolder(run);
  }

  /**
   * Writes the `run.json` of a run that was begun.
   * @throws TapbenchError `STORE_FAILED`
   */
  async writeHeader(runId: string, run: NewRun): Promise<RunHeader> {
    const header = runHeader.parse({ ...run, schemaVersion, runId });
    await writeDurably(join(this.runFolder(runId), layout.header), recordText(header));
    await syncFolder(this.folder);
    return header;
  }

  /** Both at once. @throws TapbenchError `STORE_FAILED` */
  async createRun(run: NewRun): Promise<RunHeader> {
    return await this.writeHeader(await this.beginRun(run), run);
  }

  /** mkdir is the lock: of two runs that draw the same id only one makes the folder. */
  async #makeRunFolder(run: Pick<NewRun, 'startedAt' | 'experiment'>): Promise<string> {
    for (let attempt = 0; attempt < idAttempts; attempt += 1) {
      const runId = newRunId(run.startedAt, run.experiment.name);
      try {
        await mkdir(this.runFolder(runId), { mode: folderMode });
        return runId;
      } catch (cause) {
        if (errnoOf(cause) !== 'EEXIST') throw storeFailed(`${this.runFolder(runId)} can't be made`, cause);
      }
    }
    throw new TapbenchError('STORE_FAILED', `${this.folder}: no free id for a run of ${run.experiment.name}`);
  }

  /**
   * Makes the folder of a trial. What an earlier attempt without a readable record left goes to `abandoned/<trialId>-<n>`.
   * @throws TapbenchError `STORE_FAILED`
   */
  async openTrial(runId: string, trialId: string): Promise<OpenedTrial> {
    const folder = this.trialFolder(runId, trialId);
    const abandoned = join(this.runFolder(runId), layout.abandoned);
    const before = (await namesIn(abandoned)).filter((name) => name.slice(0, name.lastIndexOf('-')) === trialId).length;
    const isLeft = await isThere(folder);
    if (isLeft) {
      makeFolder(abandoned);
      await rename(folder, join(abandoned, `${trialId}-${String(before + 1)}`)).catch((cause: unknown) => {
        throw storeFailed(`${folder} can't be put aside`, cause);
      });
    }
    makeFolder(folder);
    return { folder, attempt: before + (isLeft ? 2 : 1) };
  }

  /**
   * Writes `trial.json`: from here on the trial is finished.
   * @throws TapbenchError `STORE_FAILED`; `RECORD_INVALID` for a record that is too large to be read again: then nothing is written
   */
  async writeTrial(trial: GatheredTrial): Promise<void> {
    const folder = this.trialFolder(trial.runId, trial.trialId);
    makeFolder(folder);
    await writeDurably(join(folder, layout.trial), recordText(gatheredTrial.parse(trial)));
    await syncFolder(join(folder, '..'));
  }

  /**
   * Writes how a session of the run ended, as the next `end-*.json`.
   * @throws TapbenchError `STORE_FAILED`
   */
  async writeEnd(runId: string, end: RunEnd): Promise<void> {
    const folder = this.runFolder(runId);
    const { endFiles } = await import('./read-run.ts');
    const number = (await endFiles(folder)).length + 1;
    await writeDurably(join(folder, `end-${String(number).padStart(3, '0')}.json`), recordText(runEnd.parse(end)));
  }

  /** @throws TapbenchError `RECORD_INVALID` or `STORE_FAILED` where `run.json` can't be used */
  async readRun(runId: string): Promise<StoredRun> {
    const { readRun } = await import('./read-run.ts');
    return await readRun(this.runFolder(runId));
  }

  /** Newest first. */
  async listRuns(): Promise<RunSummary[]> {
    const { listRuns } = await import('./list-runs.ts');
    return await listRuns(this.folder);
  }

  /** @throws TapbenchError `RUN_NOT_FOUND` */
  async resolveRun(text: string, onNotice?: OnNotice): Promise<RunPlace> {
    const { resolveRun } = await import('./resolve-run.ts');
    return await resolveRun(this.folder, text, onNotice);
  }

  /**
   * Whether runs can be stored here: makes the folder and writes into it.
   * @throws TapbenchError `STORE_FAILED` with what to do
   */
  async checkWritable(): Promise<void> {
    await claimStore(this.folder);
    const probe = join(this.folder, '.writable');
    await writeDurably(probe, '');
    await rm(probe, { force: true });
  }
}
