import { join } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import { type RunEnd, runEnd, runHeader } from '../record/run.ts';
import { endFiles, isThere, layout, namesIn, trialFiles } from './read-run.ts';
import { isFolderName } from './run-id.ts';
import { readRecord } from './stored-record.ts';

/** One line of a list of runs. */
export interface RunSummary {
  readonly runId: string;
  readonly folder: string;
  /** ISO 8601; null where `run.json` is damaged. */
  readonly startedAt: string | null;
  readonly experiment: string | null;
  readonly configurations: readonly string[];
  readonly workloads: readonly string[];
  readonly plannedTrials: number;
  /** Trials with a record, failed ones included. */
  readonly finishedTrials: number;
  /** As the last end says; `unfinished` where there is none, `damaged` where `run.json` can't be used. */
  readonly status: RunEnd['status'] | 'unfinished' | 'damaged';
  /** Why it is damaged. */
  readonly problem: string | null;
}

/** Ids of the runs in a store, newest first. */
export async function runIds(storeFolder: string): Promise<string[]> {
  const names = (await namesIn(storeFolder)).filter(isFolderName);
  const areRuns = await Promise.all(names.map((name) => isThere(join(storeFolder, name, layout.header))));
  return names.filter((_, index) => areRuns[index]).reverse();
}

async function lastStatus(folder: string): Promise<RunSummary['status']> {
  const last = (await endFiles(folder)).at(-1);
  if (last === undefined) return 'unfinished';
  return await readRecord(last, runEnd).then(
    (end) => end.status,
    () => 'unfinished',
  );
}

async function summary(folder: string, runId: string): Promise<RunSummary> {
  const finishedTrials = (await trialFiles(folder)).length;
  try {
    const header = await readRecord(join(folder, layout.header), runHeader);
    const { experiment, startedAt, plan } = header;
    return {
      runId,
      folder,
      startedAt,
      experiment: experiment.name,
      configurations: experiment.configurations.map((configuration) => configuration.name),
      workloads: experiment.workloads.map((workload) => workload.name),
      plannedTrials: plan.length,
      finishedTrials,
      status: await lastStatus(folder),
      problem: null,
    };
  } catch (cause) {
    if (!(cause instanceof TapbenchError)) throw cause;
    const nothing = { startedAt: null, experiment: null, configurations: [], workloads: [], plannedTrials: 0 };
    return { runId, folder, ...nothing, finishedTrials, status: 'damaged', problem: cause.message };
  }
}

/** All runs of a store, newest first. Reads no trial. */
export async function listRuns(storeFolder: string): Promise<RunSummary[]> {
  const list: RunSummary[] = [];
  for (const runId of await runIds(storeFolder)) list.push(await summary(join(storeFolder, runId), runId));
  return list;
}
