import type { Experiment } from '../record/experiment.ts';
import type { PlannedTrial } from '../record/run.ts';
import type { TrialToRun } from './blocks.ts';
import { trialTimeNs } from './estimate.ts';

function spanText(ns: number): string {
  const seconds = Math.ceil(ns / 1e9);
  return seconds < 120 ? `${String(seconds)} s` : `${String(Math.round(seconds / 60))} min`;
}

/** What progress calls a trial: its id, and in a run of several which one it is and how long it and the rest of the plan will take. */
export function trialLabel(planned: TrialToRun, plan: readonly PlannedTrial[], experiment: Experiment): string {
  const { trialId, repeats } = planned;
  const index = plan.findIndex((one) => one.trialId === (repeats ?? trialId));
  if (plan.length === 1 || index < 0) return trialId;
  const timeOf = ({ configuration }: PlannedTrial): number => {
    const found = experiment.configurations.find(({ name }) => name === configuration);
    return found === undefined ? 0 : trialTimeNs(found, experiment);
  };
  const leftNs = plan.slice(index).reduce((sum, one) => sum + timeOf(one), 0);
  return `${trialId} (${String(index + 1)} of ${String(plan.length)}, about ${spanText(leftNs)} left)`;
}
