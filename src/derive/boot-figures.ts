import { isCeiling } from '../record/ceiling.ts';
import { isEachBootSound } from '../record/repetition.ts';
import type { Trial } from '../record/trial.ts';
import { type MetricDefinition, usableValue } from './metrics.ts';

/** The one value of a metric that a boot counts with. */
export interface BootFigure {
  readonly boot: number;
  readonly block: number;
  readonly trialId: string;
  /** ISO 8601; null: a lab note. */
  readonly startedAt: string | null;
  readonly value: number;
}

export interface FigureQuery {
  readonly configuration: string;
  readonly workload: string;
  readonly metric: MetricDefinition;
}

/**
 * The values of a metric over the boots of a configuration, one a boot, in the order of boots. Where a boot was repeated, the first trial in which this
 * metric is usable speaks for it: a repetition stands in, it adds no second value.
 * @param trials in the order of the plan, repetitions after what they repeat, as `deriveRun` gives them
 */
export function bootFigures(trials: readonly Trial[], query: FigureQuery): BootFigure[] {
  const byBoot = new Map<number, BootFigure>();
  for (const trial of trials) {
    const { boot, block, trialId, startedAt } = trial;
    if (trial.configuration.name !== query.configuration || byBoot.has(boot)) continue;
    const measurement = trial.measurements.find((one) => one.workload === query.workload);
    const value = measurement === undefined ? null : usableValue(measurement, query.metric);
    if (value !== null) byBoot.set(boot, { boot, block, trialId, startedAt, value });
  }
  return [...byBoot.values()].sort((a, b) => a.boot - b.boot);
}

/** A figure as so many times another that it belongs to. */
export interface MatchedRatio {
  readonly trialId: string;
  readonly ratio: number;
}

/** Each figure over the one that has the same block or trial; left out where there is none, and where the ratio is none that has a logarithm. */
export function matchedRatios(
  own: readonly BootFigure[],
  others: readonly BootFigure[],
  by: 'block' | 'trialId',
): MatchedRatio[] {
  const known = new Map(others.map((other) => [other[by], other.value]));
  return own.flatMap((figure) => {
    const ratio = figure.value / (known.get(figure[by]) ?? 0);
    return ratio > 0 && Number.isFinite(ratio) ? [{ trialId: figure.trialId, ratio }] : [];
  });
}

/** Whether every boot of a run came to something, at the first try or when it was repeated. One of a ceiling costs shares, no figure. */
export function isRunSound({ trials }: { readonly trials: readonly Trial[] }): boolean {
  const own = trials.filter(({ configuration }) => !isCeiling(configuration));
  return isEachBootSound(own.map(({ trialId, repeats, status }) => ({ trialId, repeats, isSound: status === 'ok' })));
}
