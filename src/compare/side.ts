import { metrics, usableValue } from '../derive/metrics.ts';
import type { ComparedSide } from '../record/comparison.ts';
import { TapbenchError } from '../record/error.ts';
import type { RecordedConfiguration } from '../record/recorded-experiment.ts';
import type { Run } from '../record/run.ts';
import type { Trial } from '../record/trial.ts';

/** One thing that is compared: a configuration of a derived run. */
export interface Side {
  /** How the output calls it; unique in a comparison. */
  readonly label: string;
  readonly run: Run;
  readonly configuration: RecordedConfiguration;
}

/**
 * A configuration of a run as a side.
 * @throws TapbenchError `NOT_COMPARABLE` where the run has no such configuration
 */
export function sideOf(run: Run, configurationName: string, label: string): Side {
  const { configurations } = run.experiment;
  const configuration = configurations.find(({ name }) => name === configurationName);
  if (configuration !== undefined) return { label, run, configuration };
  const names = configurations.map(({ name }) => name).join(', ');
  throw new TapbenchError('NOT_COMPARABLE', `${run.runId} has no configuration ${JSON.stringify(configurationName)}`, {
    hint: `It has: ${names}`,
  });
}

/** Whether a side was read from a lab note, where what is not said may be anything. */
export function isNoted({ run }: Side): boolean {
  return run.source.kind === 'lab-note';
}

/** Trials of the side, in the order of the plan, repetitions after what they repeat. */
export function trialsOf({ run, configuration }: Side): Trial[] {
  return run.trials.filter((trial) => trial.configuration.name === configuration.name);
}

function hasUsableFigure(trial: Trial): boolean {
  return trial.measurements.some((one) => metrics.some((metric) => usableValue(one, metric) !== null));
}

function stateOf(trials: readonly Trial[]): keyof ComparedSide['boots'] {
  if (trials.some(hasUsableFigure)) return 'usable';
  return trials.every((trial) => trial.status === 'failed') ? 'failed' : 'void';
}

/** What is said of a side above its figures. */
export function describedSide(side: Side): ComparedSide {
  const trials = trialsOf(side);
  const boots = { usable: 0, void: 0, failed: 0 };
  for (const boot of new Set(trials.map((trial) => trial.boot))) {
    boots[stateOf(trials.filter((trial) => trial.boot === boot))] += 1;
  }
  const { label, run, configuration } = side;
  return { label, runId: run.runId, configuration: configuration.name, startedAt: run.startedAt, boots };
}
