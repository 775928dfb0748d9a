import { runTimeNs, trialTimeNs } from '../experiment/estimate.ts';
import { type ExperimentChoice, loadExperiment } from '../experiment/file/experiment-file.ts';
import { plan } from '../experiment/plan.ts';
import type { Experiment } from '../record/experiment.ts';
import type { PlannedTrial } from '../record/run.ts';

/** What a run would do. */
export interface ExperimentPlan {
  readonly experiment: Experiment;
  /** In the order in which they are to run. */
  readonly trials: readonly PlannedTrial[];
  /** About how long a trial of each configuration takes, by its name. */
  readonly trialTimesNs: Readonly<Record<string, number>>;
  /** About how long all of them take. */
  readonly runTimeNs: number;
}

/**
 * The plan of an experiment. Looks at nothing but the file.
 * @throws TapbenchError `EXPERIMENT_INVALID`
 */
export async function planExperiment(choice: ExperimentChoice): Promise<ExperimentPlan> {
  const { experiment } = await loadExperiment(choice);
  const times = experiment.configurations.map((each) => [each.name, trialTimeNs(each, experiment)] as const);
  return {
    experiment,
    trials: plan(experiment),
    trialTimesNs: Object.fromEntries(times),
    runTimeNs: runTimeNs(experiment),
  };
}
