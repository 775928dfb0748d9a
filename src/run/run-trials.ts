import { setTimeout as pause } from 'node:timers/promises';
import { type Block, blocksOf, pendingOf, repetitionsOf, type TrialToRun } from '../experiment/blocks.ts';
import { trialLabel } from '../experiment/trial-label.ts';
import { attachDeadlineMs } from '../host/attach-deadline.ts';
import { monotonicNs } from '../lab/clock.ts';
import { step } from '../lab/progress.ts';
import type { Preparation } from '../preflight/prepare.ts';
import { isCeiling } from '../record/ceiling.ts';
import { TapbenchError } from '../record/error.ts';
import { isEachBootSound, type RanTrial } from '../record/repetition.ts';
import type { RunEnd, RunHeader } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';
import { runTrial } from '../trial/trial.ts';
import { HostPreparation } from './host-preparation.ts';
import type { Stage } from './run-request.ts';
import { writeTrial } from './write-trial.ts';

export interface TrialsOfRun {
  readonly runId: string;
  readonly plan: RunHeader['plan'];
  /** Settles when it is in the store: no record of a trial is written before. */
  readonly header: Promise<RunHeader>;
  /** What earlier sessions of the run left. */
  readonly before: readonly GatheredTrial[];
  /** Takes each trial when it ends: what an interrupted run still knows. */
  readonly done: GatheredTrial[];
}

/** Leaves the host alone for as long as the experiment asks. @throws what the signal carries */
async function settle({ request, phases }: Stage): Promise<void> {
  const { experiment, signal, onProgress } = request;
  if (experiment.settleNs === 0) return;
  await phases.time('settle', async () => {
    await step(onProgress, { text: 'settle', expectedNs: experiment.settleNs }, async () => {
      await pause(experiment.settleNs / 1e6, undefined, { signal }).catch(() => {
        signal.throwIfAborted();
      });
    });
  });
}

async function oneTrial(
  stage: Stage,
  { run, base, host, isLast }: { run: TrialsOfRun; base: Preparation; host: HostPreparation; isLast: boolean },
  planned: TrialToRun,
): Promise<GatheredTrial> {
  const { request, ledger } = stage;
  const { store, onProgress, signal, experiment } = request;
  signal.throwIfAborted();
  const prepared = base.prepared.get(planned.configuration);
  if (prepared === undefined)
    throw new TapbenchError('RECORD_INVALID', `the plan names ${planned.configuration}, which the experiment lacks`);
  const settings = await host.bring(prepared.configuration.prepare);
  await settle(stage);
  const { folder, attempt } = await store.openTrial(run.runId, planned.trialId);
  const trial = await runTrial({
    runId: run.runId,
    experiment,
    planned,
    attempt,
    folder,
    label: trialLabel(planned, run.plan, experiment),
    configuration: prepared.configuration,
    vms: prepared.vms,
    tracing: stage.tracing,
    attachDeadlineMs: attachDeadlineMs(),
    ledger,
    onProgress,
    signal,
    settings,
    whileBooting: async () => {
      const facts = [...prepared.vms.values()].map(async (vm) => await vm.vmmFacts());
      await Promise.all([run.header, ...facts, request.whileBooting()]);
    },
    keep: isLast ? request.keep : null,
  });
  await run.header;
  const written = await writeTrial(store, trial);
  if (written.failure !== null)
    onProgress({
      kind: 'note',
      text: `trial ${written.trialId} failed: ${written.failure.message.split('\n')[0] ?? ''}`,
    });
  return written;
}

/** Whether a further block would end after the budget, if it takes as long as the longest before it. */
function isBudgetSpent(stage: Stage, longestBlockNs: number): boolean {
  const { budgetNs } = stage.request.experiment;
  return budgetNs !== null && longestBlockNs > 0 && monotonicNs() - stage.startNs + longestBlockNs > budgetNs;
}

/** The trial that ends the plan. Where its world is to be kept, the last one that is no ceiling: who keeps one wants a VM. */
function lastTrialId({ request }: Stage, plan: RunHeader['plan']): string | undefined {
  if (request.keep === null) return plan.at(-1)?.trialId;
  const ceilings = request.experiment.configurations.filter(isCeiling).map(({ name }) => name);
  return plan.findLast(({ configuration }) => !ceilings.includes(configuration))?.trialId;
}

/** What is kept ends the run, so it comes last. */
function inTurn(trials: readonly TrialToRun[], lastId: string | undefined): TrialToRun[] {
  const isLast = ({ trialId }: TrialToRun): boolean => trialId === lastId;
  return [...trials.filter((one) => !isLast(one)), ...trials.filter(isLast)];
}

/**
 * Runs what is missing of the plan, block by block. What failed or is void is booted once more at the end of its block.
 * @throws what the signal carries; TapbenchError `STORE_FAILED`
 */
export async function runTrials(
  stage: Stage,
  run: TrialsOfRun,
  base: Preparation,
): Promise<Pick<RunEnd, 'status' | 'stoppedBy'>> {
  const { isSound, onProgress } = stage.request;
  await using host = new HostPreparation(stage.ledger, onProgress);
  const ran: RanTrial[] = [];
  const note = async (trial: GatheredTrial): Promise<void> => {
    ran.push({ trialId: trial.trialId, repeats: trial.repeats, isSound: await isSound(trial, await run.header) });
  };
  for (const trial of run.before) await note(trial);
  const lastId = lastTrialId(stage, run.plan);
  const runEach = async (trials: readonly TrialToRun[]): Promise<void> => {
    for (const planned of inTurn(trials, lastId)) {
      const trial = await oneTrial(stage, { run, base, host, isLast: planned.trialId === lastId }, planned);
      run.done.push(trial);
      await note(trial);
    }
  };
  const runBlock = async (block: Block): Promise<void> => {
    await runEach(pendingOf(block, ran));
    const again = repetitionsOf(block, ran);
    if (again.length > 0)
      onProgress({ kind: 'note', text: `once more: ${again.map(({ repeats }) => repeats ?? '').join(', ')}` });
    await runEach(again);
  };
  let longestBlockNs = 0;
  for (const block of blocksOf(run.plan)) {
    if (pendingOf(block, ran).length + repetitionsOf(block, ran).length === 0) continue;
    if (isBudgetSpent(stage, longestBlockNs)) {
      onProgress({ kind: 'note', text: `the budget is used up before block ${String(block.number)}` });
      return { status: 'done', stoppedBy: 'budget' };
    }
    const startNs = monotonicNs();
    await runBlock(block);
    longestBlockNs = Math.max(longestBlockNs, monotonicNs() - startNs);
  }
  // A ceiling that failed costs shares, no figure.
  const asked = [...run.before, ...run.done].filter(({ configuration }) => !isCeiling(configuration));
  const ids = new Set(asked.map(({ trialId }) => trialId));
  const didFail =
    run.done.some(({ trialId, status }) => status === 'failed' && ids.has(trialId)) &&
    !isEachBootSound(ran.filter(({ trialId }) => ids.has(trialId)));
  return { status: didFail ? 'failed' : 'done', stoppedBy: null };
}
