import { ceilingFor } from '../record/ceiling.ts';
import type { CeilingShare } from '../record/ceiling-share.ts';
import type { RecordedConfiguration } from '../record/recorded-experiment.ts';
import type { Trial } from '../record/trial.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import { bootFigures, matchedRatios } from './boot-figures.ts';
import { type MetricDefinition, metrics } from './metrics.ts';

/** Seeds the bootstrap: the same run gives the same figures. */
const seed = 1;

/** Figures of which a ratio means something: none of a share, which may be 0 on both sides, and no costs, as there is no VMM. */
const sharedMetrics: readonly MetricDefinition[] = metrics.filter(
  ({ kind, name }) => kind === 'figure' && !name.endsWith('Share'),
);

/** One figure of one workload, of a configuration and of its ceiling. */
interface CeilingQuestion {
  readonly configuration: string;
  readonly ceiling: string;
  readonly workload: string;
  readonly metric: MetricDefinition;
}

/** The ratio within each block that has both figures, and how many blocks have one of them only. */
function blockRatios(
  trials: readonly Trial[],
  { configuration, ceiling, workload, metric }: CeilingQuestion,
): Pick<CeilingShare, 'ratios' | 'unmatchedBlocks'> {
  const own = bootFigures(trials, { configuration, workload, metric });
  const above = bootFigures(trials, { configuration: ceiling, workload, metric });
  const ratios = matchedRatios(own, above, 'block');
  const all = new Set([...own, ...above].map(({ block }) => block));
  return { ratios, unmatchedBlocks: all.size - ratios.length };
}

function shareOf(trials: readonly Trial[], question: CeilingQuestion): CeilingShare[] {
  const { configuration, ceiling, workload, metric } = question;
  const { ratios, unmatchedBlocks } = blockRatios(trials, question);
  if (ratios.length + unmatchedBlocks === 0) return [];
  const { value, interval, reason } = pairedRatio(
    ratios.map(({ ratio }) => ratio),
    { seed },
  );
  const none = 'No block has both the figure and its ceiling.';
  return [
    {
      configuration,
      workload,
      ceiling,
      metric: metric.name,
      ratio: value,
      interval,
      blocks: ratios.length,
      ratios,
      unmatchedBlocks,
      reason: ratios.length === 0 ? none : reason,
    },
  ];
}

/** The share of every figure that was measured, or that its ceiling has, in the order of the experiment. */
export function ceilingSharesOf(
  configurations: readonly RecordedConfiguration[],
  trials: readonly Trial[],
): CeilingShare[] {
  const byName = Map.groupBy(trials, ({ configuration }) => configuration.name);
  return configurations.flatMap(({ name, workloads }) => {
    const ceiling = ceilingFor(configurations, name)?.name;
    if (ceiling === undefined) return [];
    const both = [...(byName.get(name) ?? []), ...(byName.get(ceiling) ?? [])];
    return workloads.flatMap((spec) =>
      sharedMetrics.flatMap((metric) => shareOf(both, { configuration: name, ceiling, workload: spec.name, metric })),
    );
  });
}
