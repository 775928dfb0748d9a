import { join } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import type { RecordedExperiment } from '../record/recorded-experiment.ts';
import { type RunEnd, type RunHeader, runEnd, runHeader } from '../record/run.ts';
import { isThere, layout, namesIn } from './layout.ts';
import { endFiles } from './read-run.ts';
import { isFolderName } from './run-id.ts';
import type { RunStatus, RunSummary } from './run-summary.ts';
import { readRecord } from './stored-record.ts';
import { readTags } from './tags.ts';

/** What a list says of a run, and where it comes from. */
export interface RunHead {
  readonly summary: Omit<RunSummary, 'folder'>;
  /** null where `run.json` is damaged. */
  readonly header: RunHeader | null;
  readonly stoppedBy: RunEnd['stoppedBy'];
  /** Trials that have a folder and no record. */
  readonly openTrials: readonly string[];
}

/** Ids of the runs in a store, newest first. */
export async function runIds(storeFolder: string): Promise<string[]> {
  const names = (await namesIn(storeFolder)).filter(isFolderName);
  const areRuns = await Promise.all(names.map((name) => isThere(join(storeFolder, name, layout.header))));
  return names.filter((_, index) => areRuns[index]).reverse();
}

/** Of all configurations, each once, in their order. */
function workloadNames(experiment: RecordedExperiment): string[] {
  return [...new Set(experiment.configurations.flatMap(({ workloads }) => workloads.map(({ name }) => name)))];
}

interface Ending {
  readonly status: RunStatus;
  readonly stoppedBy: RunEnd['stoppedBy'];
}

const unfinished: Ending = { status: 'unfinished', stoppedBy: null };

async function lastEnding(folder: string): Promise<Ending> {
  const last = (await endFiles(folder)).at(-1);
  return last === undefined ? unfinished : await readRecord(last, runEnd).catch(() => unfinished);
}

async function trialsOf(folder: string): Promise<{ finished: string[]; open: string[] }> {
  const names = await namesIn(join(folder, layout.trials));
  const areThere = await Promise.all(names.map((name) => isThere(join(folder, layout.trials, name, layout.trial))));
  const [finished, open] = [true, false].map((isThis) => names.filter((_, index) => areThere[index] === isThis));
  return { finished: finished ?? [], open: open ?? [] };
}

/** Reads what a list says of a run. Reads no trial. A damaged `run.json` is no error, but said in the summary. */
export async function readRunHead(folder: string, runId: string): Promise<RunHead> {
  const { finished, open: openTrials } = await trialsOf(folder);
  const tags = await readTags(folder).catch(() => []);
  try {
    const header = await readRecord(join(folder, layout.header), runHeader);
    const { experiment, startedAt, plan } = header;
    const { status, stoppedBy } = await lastEnding(folder);
    const summary = {
      runId,
      startedAt,
      experiment: experiment.name,
      source: header.source.kind,
      fingerprint: header.host?.fingerprint ?? null,
      configurations: experiment.configurations.map((configuration) => configuration.name),
      workloads: workloadNames(experiment),
      plannedTrials: plan.length,
      // A repetition stands in for a trial of the plan.
      finishedTrials: plan.filter(({ trialId }) => finished.includes(trialId)).length,
      status,
      tags,
      problem: null,
    };
    return { summary, header, stoppedBy, openTrials };
  } catch (cause) {
    if (!(cause instanceof TapbenchError)) throw cause;
    const nothing = { startedAt: null, experiment: null, source: null, fingerprint: null };
    const status = 'damaged' as const;
    const summary = {
      runId,
      ...nothing,
      configurations: [],
      workloads: [],
      plannedTrials: 0,
      finishedTrials: finished.length,
      status,
      tags,
      problem: cause.message,
    };
    return { summary, header: null, stoppedBy: null, openTrials };
  }
}

/** All runs of a store, newest first, from their folders alone. Reads no trial. */
export async function listRuns(storeFolder: string): Promise<RunSummary[]> {
  const list: RunSummary[] = [];
  for (const runId of await runIds(storeFolder)) {
    const folder = join(storeFolder, runId);
    list.push({ folder, ...(await readRunHead(folder, runId)).summary });
  }
  return list;
}
