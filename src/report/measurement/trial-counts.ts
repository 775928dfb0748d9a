import { isCeiling } from '../../record/ceiling.ts';
import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';

/** Trials by what became of them. */
export interface TrialCounts extends Readonly<Record<Trial['status'], number>> {
  readonly planned: number;
}

/** What was asked for by itself, and the ceilings beside it. */
export function trialCounts({ trials, plan, experiment }: Run): { asked: TrialCounts; ceilings: TrialCounts } {
  const names = new Set(experiment.configurations.filter(isCeiling).map(({ name }) => name));
  const countsOf = (areCeilings: boolean): TrialCounts => {
    const own = trials.filter(({ configuration }) => names.has(configuration.name) === areCeilings);
    const count = (wanted: Trial['status']): number => own.filter(({ status }) => status === wanted).length;
    const planned = plan.filter(({ configuration }) => names.has(configuration) === areCeilings).length;
    return { planned, ok: count('ok'), void: count('void'), failed: count('failed') };
  };
  return { asked: countsOf(false), ceilings: countsOf(true) };
}
