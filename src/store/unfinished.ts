import type { PlannedTrial, RunHeader } from '../record/run.ts';
import type { GatheredTrial } from '../record/trial.ts';

/**
 * The trials of the plan that have no record, in the plan's order: what a resumed run has to do.
 * A failed trial has a record: it stays as it is. A damaged record counts as none: its trial is done again.
 */
export function unfinishedTrials(header: RunHeader, trials: readonly GatheredTrial[]): PlannedTrial[] {
  const finished = new Set(trials.map((trial) => trial.trialId));
  return header.plan.filter((planned) => !finished.has(planned.trialId));
}
