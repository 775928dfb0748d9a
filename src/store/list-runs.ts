import { join } from 'node:path';
import { TapbenchError } from '../record/error.ts';
import type { RecordedExperiment } from '../record/recorded-experiment.ts';
import { type RunEnd, type RunHeader, runEnd, runHeader } from '../record/run.ts';
import { layout, namesIn } from './layout.ts';
import { problemOf, problemText } from './plain-file.ts';
import { endFiles } from './read-run.ts';
import { type FoundRun, findRuns } from './run-folders.ts';
import { startOfRun } from './run-id.ts';
import type { RunStatus, RunSummary } from './run-summary.ts';
import { demandStore } from './store-mark.ts';
import { readRecord } from './stored-record.ts';
import { readTags } from './tags.ts';

/** What a list says of a run, and where it comes from. */
export interface RunHead {
  readonly summary: Omit<RunSummary, 'folder'>;
  /** null where `run.json` can't be used. */
  readonly header: RunHeader | null;
  readonly stoppedBy: RunEnd['stoppedBy'];
  /** Trials that have a folder and no record. */
  readonly openTrials: readonly string[];
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

/** Does `read` and gives `otherwise` where that fails, with the reason in `problems`. */
async function orProblem<T>(problems: string[], read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    problems.push(cause instanceof TapbenchError ? cause.message : problemText(cause));
    return otherwise;
  }
}

async function lastEnding(folder: string): Promise<Ending> {
  const last = (await endFiles(folder)).at(-1);
  return last === undefined ? unfinished : await readRecord(last, runEnd);
}

interface TrialFolders {
  readonly finished: readonly string[];
  readonly open: readonly string[];
}

/** Looks at trials without opening one. */
async function trialsOf(folder: string, problems: string[]): Promise<TrialFolders> {
  const trials = join(folder, layout.trials);
  const finished: string[] = [];
  const open: string[] = [];
  for (const name of await namesIn(trials)) {
    const file = join(trials, name, layout.trial);
    const problem = problemOf(file);
    if (problem === null) finished.push(name);
    else if (problem === 'absent') open.push(name);
    else problems.push(`${file}: ${problem}`);
  }
  return { finished, open };
}

/** Problems of one run that are told. */
const mostProblems = 3;

function problemsText(problems: readonly string[]): string | null {
  if (problems.length === 0) return null;
  const more = problems.length > mostProblems ? [`and ${String(problems.length - mostProblems)} more`] : [];
  return [...problems.slice(0, mostProblems), ...more].join('; ');
}

type Summary = RunHead['summary'];

function headedSummary(
  runId: string,
  header: RunHeader,
  finished: readonly string[],
): Omit<Summary, 'status' | 'tags' | 'problem'> {
  const { experiment, startedAt, plan } = header;
  const isFinished = new Set(finished);
  return {
    runId,
    startedAt,
    experiment: experiment.name,
    source: header.source.kind,
    fingerprint: header.host?.fingerprint ?? null,
    configurations: experiment.configurations.map((configuration) => configuration.name),
    workloads: workloadNames(experiment),
    plannedTrials: plan.length,
    // A repetition stands in for a trial of the plan.
    finishedTrials: plan.filter(({ trialId }) => isFinished.has(trialId)).length,
  };
}

function headlessSummary(runId: string, finishedTrials: number): Omit<Summary, 'status' | 'tags' | 'problem'> {
  return {
    runId,
    startedAt: null,
    experiment: null,
    source: null,
    fingerprint: null,
    configurations: [],
    workloads: [],
    plannedTrials: 0,
    finishedTrials,
  };
}

/** Reads what a list says of a run. Reads no trial. What is damaged is no error, but said in the summary. */
export async function readRunHead({ folder, runId, problem }: FoundRun): Promise<RunHead> {
  if (problem !== null) {
    const summary = { ...headlessSummary(runId, 0), status: 'damaged' as const, tags: [], problem };
    return { summary, header: null, stoppedBy: null, openTrials: [] };
  }
  const problems: string[] = [];
  const header = await orProblem(problems, async () => readRecord(join(folder, layout.header), runHeader), null);
  const none: TrialFolders = { finished: [], open: [] };
  const { finished, open: openTrials } = await orProblem(problems, async () => trialsOf(folder, problems), none);
  const tags = await orProblem(problems, async () => readTags(folder), []);
  const ending = await orProblem(problems, async () => lastEnding(folder), unfinished);
  const head = header === null ? headlessSummary(runId, finished.length) : headedSummary(runId, header, finished);
  const status = problems.length > 0 ? 'damaged' : ending.status;
  const summary = { ...head, status, tags, problem: problemsText(problems) };
  return { summary, header, stoppedBy: header === null ? null : ending.stoppedBy, openTrials };
}

/** Newest first; what has no date comes by that of its id, or last. */
export function newestFirst<T extends Pick<RunSummary, 'runId' | 'startedAt'>>(runs: readonly T[]): T[] {
  const when = ({ runId, startedAt }: T) => startOfRun(runId, startedAt) ?? Number.NEGATIVE_INFINITY;
  return runs.toSorted((a, b) => when(b) - when(a) || (a.runId < b.runId ? 1 : -1));
}

/** All runs of a store, newest first, from their folders alone. Reads no trial. */
export async function listRuns(storeFolder: string): Promise<RunSummary[]> {
  await demandStore(storeFolder);
  const list: RunSummary[] = [];
  for (const found of findRuns(storeFolder)) list.push({ folder: found.folder, ...(await readRunHead(found)).summary });
  return newestFirst(list);
}
