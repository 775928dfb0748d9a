import type { RanTrial } from '../record/repetition.ts';
import type { PlannedTrial } from '../record/run.ts';

/** Trials that are booted one after another before any configuration is booted again. */
export interface Block {
  readonly number: number;
  /** In the order in which they run. */
  readonly trials: readonly PlannedTrial[];
}

/** A trial of the plan, or its repetition. */
export interface TrialToRun extends PlannedTrial {
  /** Id of the trial that it repeats; null for one of the plan. */
  readonly repeats: string | null;
}

/** The plan by blocks, in its order. */
export function blocksOf(plan: readonly PlannedTrial[]): Block[] {
  return [...Map.groupBy(plan, ({ block }) => block)].map(([number, trials]) => ({ number, trials }));
}

/** The trials of a block that have not run yet. */
export function pendingOf(block: Block, ran: readonly RanTrial[]): TrialToRun[] {
  const ids = new Set(ran.map(({ trialId }) => trialId));
  return block.trials.filter(({ trialId }) => !ids.has(trialId)).map((planned) => ({ ...planned, repeats: null }));
}

/** The trials of a block that came to nothing and were not repeated yet: each is booted once more, at the end of its block. */
export function repetitionsOf(block: Block, ran: readonly RanTrial[]): TrialToRun[] {
  const repeated = new Set(ran.map(({ repeats }) => repeats));
  const isSound = new Map(ran.map((trial) => [trial.trialId, trial.isSound]));
  return block.trials
    .filter(({ trialId }) => isSound.get(trialId) === false && !repeated.has(trialId))
    .map((planned) => ({ ...planned, trialId: `${planned.trialId}.2`, repeats: planned.trialId }));
}
