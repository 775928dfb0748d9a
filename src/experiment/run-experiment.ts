import { runtimeFolder } from '../host/folders.ts';
import { gatherHostFacts } from '../host/host-facts.ts';
import { clean } from '../lab/clean.ts';
import { monotonicNs } from '../lab/clock.ts';
import { findExecutable } from '../lab/executable.ts';
import { Ledger } from '../lab/ledger.ts';
import { takeRunLock } from '../lab/run-lock.ts';

import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import type { HostFacts } from '../record/host.ts';
import type { PlannedTrial, RunEnd, RunHeader } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';
import type { Store } from '../store/store.ts';
import { unfinishedTrials } from '../store/unfinished.ts';
import type { Machine } from './boot.ts';
import { Phases } from './phases.ts';
import { plan } from './plan.ts';
import { type Preparation, prepare } from './prepare.ts';
import { type OnProgress, step } from './progress.ts';
import { demandHost } from './requirements.ts';
import { heldTracefs } from './tracefs.ts';
import { runTrial } from './trial.ts';

export interface RunRequest {
  readonly experiment: Experiment;
  /** The experiment as its user wrote it. */
  readonly source: string;
  /** The command line, for the record. */
  readonly command: readonly string[];
  readonly store: Store;
  readonly onProgress: OnProgress;
  /** Aborted by an interrupt; its reason is the error that the run ends with. */
  readonly signal: AbortSignal;
  /** Id of a run to go on with; null for a new one. */
  readonly resume: string | null;
  /** Called with the last trial's VM still up. */
  readonly keep: ((machine: Machine) => Promise<void>) | null;
}

export interface RunOutcome {
  readonly runId: string;
  readonly status: RunEnd['status'];
  /** Why it was cut short; null for a run that went through. */
  readonly error: TapbenchError | null;
}

interface Stage {
  readonly request: RunRequest;
  readonly ledger: Ledger;
  readonly phases: Phases;
  readonly startNs: number;
}

async function tracingVerdict(experiment: Experiment): Promise<HostFacts['tracing']> {
  if (experiment.configurations.every(({ trace }) => trace.mode === 'off'))
    return { isUsable: false, reason: 'not tried: tracing is off' };
  const bpftrace = await findExecutable('bpftrace');
  return bpftrace === null
    ? { isUsable: false, reason: 'bpftrace is not installed' }
    : { isUsable: true, reason: `${bpftrace} is installed` };
}

/** The header and the trials still to do: of a new run, or of one that goes on. */
async function openRun(request: RunRequest, host: HostFacts): Promise<{ header: RunHeader; pending: PlannedTrial[] }> {
  const { store, experiment, source, command, resume } = request;
  if (resume === null) {
    const planned = plan(experiment);
    const header = await store.createRun({
      startedAt: new Date().toISOString(),
      command: [...command],
      experiment,
      experimentSource: source,
      plan: planned,
      host,
    });
    return { header, pending: planned };
  }
  const { header, trials } = await store.readRun(resume);
  if (header.host.fingerprint !== host.fingerprint) {
    throw new TapbenchError(
      'RESUME_REFUSED',
      `run ${resume} was begun on another machine, or this one has changed since (CPU, memory, kernel or its command line)`,
      {
        hint: 'begin a new run: figures of two machines must not be mixed in one',
      },
    );
  }
  return { header, pending: unfinishedTrials(header, trials) };
}

/** @param run.done takes each trial when it ends: what an interrupted run still knows */
async function runTrials(
  stage: Stage,
  run: { header: RunHeader; pending: readonly PlannedTrial[]; done: GatheredTrial[] },
  base: Preparation,
): Promise<void> {
  const { request, ledger } = stage;
  const { store, onProgress, signal } = request;
  for (const [index, planned] of run.pending.entries()) {
    signal.throwIfAborted();
    const prepared = base.prepared.get(planned.configuration);
    if (prepared === undefined)
      throw new TapbenchError('RECORD_INVALID', `the plan names ${planned.configuration}, which the experiment lacks`);
    const { folder, attempt } = await store.openTrial(run.header.runId, planned.trialId);
    const isLast = index === run.pending.length - 1;
    const trial = await runTrial({
      ...{ runId: run.header.runId, experiment: request.experiment, planned, attempt, folder },
      ...{ ...prepared, ledger, onProgress, signal },
      keep: isLast ? request.keep : null,
    });
    await store.writeTrial(trial);
    if (trial.failure !== null)
      onProgress({ kind: 'note', text: `trial ${trial.trialId} failed: ${trial.failure.message}` });
    run.done.push(trial);
  }
}

function endOf(stage: Stage, trials: readonly GatheredTrial[], status: RunEnd['status']): RunEnd {
  const phases = [...stage.phases.list, ...trials.flatMap((trial) => trial.phases)];
  const measuredNs = phases
    .filter(({ isWindow }) => isWindow)
    .reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0);
  const toolCpuInWindowsNs = trials.reduce((sum, trial) => sum + trial.toolCpuInWindowsNs, 0);
  return {
    schemaVersion: 1,
    status,
    endedAt: new Date().toISOString(),
    overhead: { wallNs: monotonicNs() - stage.startNs, measuredNs, toolCpuInWindowsNs, phases },
  };
}

function withTimeout(request: RunRequest): RunRequest {
  const { timeoutNs } = request.experiment;
  if (timeoutNs === null) return request;
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort(new TapbenchError('PROCESS_TIMED_OUT', `the run took longer than ${String(timeoutNs / 1e9)} s`));
  }, timeoutNs / 1e6).unref();
  return { ...request, signal: AbortSignal.any([request.signal, controller.signal]) };
}

/**
 * Runs an experiment from the first check to the last trial, everything stored as it goes.
 * Nothing is made before everything that can be checked was checked.
 * @throws TapbenchError before the first trial: `HOST_INCAPABLE`, `HOST_BUSY`, `IMAGE_FAILED`, `STORE_FAILED`, `RESUME_REFUSED`
 */
export async function runExperiment(given: RunRequest): Promise<RunOutcome> {
  const startNs = monotonicNs();
  const request = withTimeout(given);
  const { experiment, store, onProgress, signal } = request;
  const phases = new Phases();
  const command = request.command.join(' ');
  const found = await phases.time('requirements', async () => await demandHost(experiment));
  await store.checkWritable();
  using _lock = takeRunLock(runtimeFolder(), command);
  const ledgerFolder = `${runtimeFolder()}/ledger`;
  const left = await clean(ledgerFolder);
  for (const text of left.removed) onProgress({ kind: 'note', text: `removed what a dead run left: ${text}` });
  for (const text of left.failed) onProgress({ kind: 'note', text: `could not remove ${text}` });
  using ledger = Ledger.open(ledgerFolder, command);
  await using _tracefs = await heldTracefs(ledger);
  const stage: Stage = { request, ledger, phases, startNs };
  const base = await step(
    onProgress,
    { text: 'prepare image and accelerator' },
    async () => await prepare({ experiment, ledger, phases, onProgress, found }),
  );
  const host = gatherHostFacts(found.programs, { kvm: base.kvm, tracing: await tracingVerdict(experiment) });
  const run = await openRun(request, host);
  const { runId } = run.header;
  const trials: GatheredTrial[] = [];
  try {
    await runTrials(stage, { ...run, done: trials }, base);
  } catch (error) {
    if (!signal.aborted) throw error;
    await store.writeEnd(runId, endOf(stage, trials, 'interrupted'));
    const reason: unknown = signal.reason;
    return {
      runId,
      status: 'interrupted',
      error: reason instanceof TapbenchError ? reason : new TapbenchError('INTERRUPTED', 'interrupted'),
    };
  }
  const status = trials.some((trial) => trial.status === 'failed') ? 'failed' : 'done';
  await store.writeEnd(runId, endOf(stage, trials, status));
  return { runId, status, error: null };
}
