import { plan } from '../experiment/plan.ts';
import { runtimeFolder } from '../host/folders.ts';
import { gatheredHostFacts, type MachineFacts, machineFacts } from '../host/host-facts.ts';
import { clean } from '../lab/clean.ts';
import { monotonicNs } from '../lab/clock.ts';
import { Ledger } from '../lab/ledger.ts';
import { Phases } from '../lab/phases.ts';
import { step } from '../lab/progress.ts';
import { takeRunLock } from '../lab/run-lock.ts';
import { ledgerFolder } from '../lab/runtime-folder.ts';
import { tracingFor } from '../preflight/experiment-tracing.ts';
import { type Preparation, type PrepareOptions, prepare, tryMachine } from '../preflight/prepare.ts';
import { demandHost } from '../preflight/requirements.ts';
import type { TracingVerdict } from '../preflight/tracing.ts';
import { TapbenchError } from '../record/error.ts';
import type { HostFacts } from '../record/host.ts';
import type { RunEnd } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';
import { resumedRun } from './resumed-run.ts';
import type { RunRequest, Stage } from './run-request.ts';
import { runTrials, type TrialsOfRun } from './run-trials.ts';
import { type Ending, sessionEnd } from './session-end.ts';
import { undoableHere } from './undoable.ts';

export interface RunOutcome {
  readonly runId: string;
  readonly status: RunEnd['status'];
  /** Why it was cut short; null for a run that went through. */
  readonly error: TapbenchError | null;
}

/** A new run, or one that goes on. The header of a new one is written while its first guest is started. */
async function openRun(request: RunRequest, host: HostFacts): Promise<Omit<TrialsOfRun, 'done'>> {
  const { store, experiment, source, command, resume } = request;
  if (resume === null) {
    const run = {
      startedAt: new Date().toISOString(),
      source: { kind: 'measured' as const },
      command: [...command],
      experiment,
      experimentSource: source,
      plan: plan(experiment),
      host,
    };
    const runId = await store.beginRun(run);
    const header = store.writeHeader(runId, run);
    // A failure shows where the header is awaited.
    header.catch(() => undefined);
    return { runId, plan: run.plan, header, before: [] };
  }
  const { header, trials } = await store.readRun(resume);
  if (resumedRun(header).host.fingerprint !== host.fingerprint) {
    throw new TapbenchError(
      'RESUME_REFUSED',
      `run ${resume} was begun on another machine, or this one has changed since (CPU, memory, kernel or its command line)`,
      {
        hint: 'begin a new run: figures of two machines must not be mixed in one',
      },
    );
  }
  return { runId: resume, plan: header.plan, header: Promise.resolve(header), before: trials };
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

/** Prepares, tries the tracer and looks at the machine meanwhile; all have ended when one has failed. @throws TapbenchError as `prepare` */
async function prepareAndTry(
  options: PrepareOptions,
): Promise<{ readonly base: Preparation; readonly tracing: TracingVerdict; readonly machine: MachineFacts }> {
  const { experiment, phases, onProgress, found, signal } = options;
  const failed = new AbortController();
  const trial = { experiment, programs: found.programs, onProgress, signal: AbortSignal.any([signal, failed.signal]) };
  const trying = phases.time('tracer', async () => await tracingFor(trial));
  const text = 'prepare image and accelerator';
  const preparing = step(onProgress, { text }, async () => await prepare(options));
  preparing.catch((error: unknown) => {
    failed.abort(error);
  });
  const machine = machineFacts();
  const [prepared, tried] = await Promise.allSettled([preparing, trying]);
  if (prepared.status === 'rejected') throw prepared.reason;
  if (tried.status === 'rejected') throw tried.reason;
  return { base: prepared.value, tracing: tried.value, machine };
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
  const answers = tryMachine(experiment);
  const command = request.command.join(' ');
  const found = await phases.time('requirements', async () => await demandHost(experiment));
  await store.checkWritable();
  using _lock = takeRunLock(runtimeFolder(), command);
  const ledgers = ledgerFolder(runtimeFolder());
  const left = await clean(ledgers, undoableHere());
  for (const text of left.removed) onProgress({ kind: 'note', text: `removed what a dead run left: ${text}` });
  for (const text of left.failed) onProgress({ kind: 'note', text: `could not remove ${text}` });
  using ledger = Ledger.open(ledgers, command);
  using made = new DisposableStack();
  const { base, tracing, machine } = await prepareAndTry({
    experiment,
    ledger,
    made,
    phases,
    onProgress,
    found,
    tried: answers,
    signal,
  });
  const stage: Stage = { request, ledger, phases, startNs, tracing };
  const host = gatheredHostFacts(machine, found.programs, { kvm: base.kvm, tracing });
  const run = await openRun(request, host);
  const { runId } = run;
  const trials: GatheredTrial[] = [];
  let ending: Ending;
  try {
    ending = await runTrials(stage, { ...run, done: trials }, base);
  } catch (error) {
    if (!signal.aborted) throw error;
    await run.header;
    await store.writeEnd(runId, sessionEnd(stage, trials, { status: 'interrupted', stoppedBy: null }));
    const reason: unknown = signal.reason;
    return {
      runId,
      status: 'interrupted',
      error: reason instanceof TapbenchError ? reason : new TapbenchError('INTERRUPTED', 'interrupted'),
    };
  }
  await run.header;
  await store.writeEnd(runId, sessionEnd(stage, trials, ending));
  return { runId, status: ending.status, error: null };
}
