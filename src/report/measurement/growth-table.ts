import { withoutCeilings } from '../../record/ceiling.ts';
import type { LoadGrowth } from '../../record/load-growth.ts';
import type { Run } from '../../record/run.ts';
import { intervalText } from '../text/interval-text.ts';
import { formatNumber } from '../text/units.ts';

/** How much longer round trips take under load, one row a workload. */
export interface GrowthTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Why there are no intervals, each reason once. */
  readonly reasons: readonly string[];
}

function times(ratio: number): string {
  return `${formatNumber(ratio)}x`;
}

function growthText({ ratio, interval }: LoadGrowth): string {
  if (ratio === null) return 'not measured';
  const figure = times(ratio);
  return interval === null ? figure : `${figure} ${intervalText(figure, [times(interval.low), times(interval.high)])}`;
}

/** null where nothing was measured both alone and under load. */
export function growthTable({ loadGrowth = [], experiment }: Run): GrowthTable | null {
  if (loadGrowth.length === 0) return null;
  const asked = withoutCeilings(experiment.configurations).map(({ name }) => name);
  const byWorkload = Map.groupBy(loadGrowth, ({ configuration, workload }) =>
    JSON.stringify([configuration, workload]),
  );
  const rows = [...byWorkload.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { configuration, workload, alone, underLoad } = first;
    const cell = (metric: LoadGrowth['metric']): string =>
      own
        .filter((one) => one.metric === metric)
        .map(growthText)
        .join('');
    const isOne = asked.length === 1 && asked.includes(configuration);
    const name = isOne ? workload : `${configuration} ${workload}`;
    return [[name, underLoad.join(', '), alone, cell('latency.p50'), cell('latency.p99')]];
  });
  return {
    header: ['under load', 'beside', 'times', 'p50', 'p99'],
    rows,
    reasons: [...new Set(loadGrowth.flatMap(({ reason }) => reason ?? []))],
  };
}
