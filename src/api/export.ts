import { join } from 'node:path';
import { ceilingSharesOf } from '../derive/ceiling-shares.ts';
import { deriveTrial } from '../derive/derive.ts';
import { storeFolder } from '../host/folders.ts';
import { isCeiling } from '../record/ceiling.ts';
import type { RunHeader } from '../record/run.ts';
import type { Trial } from '../record/trial.ts';
import { type ExportRow, exportRows, type OfCeiling, ofCeilings } from '../report/export/rows.ts';
import type { DamagedRecord } from '../store/read-run.ts';
import { Store } from '../store/store.ts';
import { storedTrials } from '../store/stored-trials.ts';
import { type HistoryOptions, listRuns, type RunFilter } from './history.ts';

export interface ExportOptions extends HistoryOptions {
  /** Ids, beginnings of ids, `latest` or paths; none: every run that the filter leaves. */
  readonly runs?: readonly string[] | undefined;
  readonly filter?: RunFilter | undefined;
  /** Called for each record that can't be read; its figures are left out. */
  readonly onDamaged?: ((record: DamagedRecord) => void) | undefined;
}

/** Folders of the runs, oldest first, so that a table grows at its end. What was named by a path into another store comes last, unfiltered: no index has it. */
async function foldersOf({ runs = [], filter = {}, ...options }: ExportOptions): Promise<string[]> {
  if (runs.length === 0) return (await listRuns({ ...options, filter })).map(({ folder }) => folder).reverse();
  const store = Store.open(storeFolder(options.store));
  const places = await Promise.all(runs.map(async (text) => store.resolveRun(text, options.onNotice)));
  const own = places.filter(({ runId, folder }) => folder === join(store.folder, runId));
  const others = places.filter((place) => !own.includes(place)).map(({ folder }) => folder);
  const left = await listRuns({ ...options, filter: { ...filter, runIds: own.map(({ runId }) => runId) } });
  return [...new Set([...left.map(({ folder }) => folder).reverse(), ...others])];
}

/** What is held of a trial until the last one of its run was read: its own figures, and what was found of them. */
function figuresOnly(trial: Trial): Trial {
  const measurements = trial.measurements.map((one) => ({ ...one, flows: [], machines: [], threads: [] }));
  return { ...trial, measurements, machines: [] };
}

/** Of a run, which is read for it only where it has a ceiling. What can't be read is told of by who reads it for its rows. */
async function ofCeilingIn(folder: string, { experiment }: RunHeader): Promise<OfCeiling> {
  const { configurations } = experiment;
  if (!configurations.some(isCeiling)) return () => null;
  const trials: Trial[] = [];
  for await (const { header, trial } of storedTrials(folder, () => undefined))
    trials.push(figuresOnly(deriveTrial(trial, header)));
  return ofCeilings(ceilingSharesOf(configurations, trials));
}

/**
 * The figures of runs, one a row, oldest run first. One trial is held at a time; of a run with a ceiling also the figures of all.
 * @throws TapbenchError `RUN_NOT_FOUND`, `USAGE`, `STORE_FAILED`
 */
export async function* exportedRows(options: ExportOptions = {}): AsyncGenerator<ExportRow> {
  const onDamaged = options.onDamaged ?? (() => undefined);
  for (const folder of await foldersOf(options)) {
    let ofCeiling: OfCeiling | null = null;
    for await (const { header, trial } of storedTrials(folder, onDamaged)) {
      ofCeiling ??= await ofCeilingIn(folder, header);
      yield* exportRows(header, deriveTrial(trial, header), ofCeiling);
    }
  }
}
