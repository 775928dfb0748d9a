import { metricNamed } from '../../derive/metrics.ts';
import type { CeilingShare } from '../../record/ceiling-share.ts';
import type { Run } from '../../record/run.ts';
import { formatOf, intervalText } from '../text/interval-text.ts';
import { formatNumber, formatShare } from '../text/units.ts';
import { figureOf, groupNames, metricSamplesOf, type WorkloadGroup, workloadGroups } from './figures.ts';

/** Each main figure beside the same of its ceiling. */
export interface CeilingTable {
  readonly header: readonly string[];
  readonly rows: readonly CeilingRow[];
  /** Why intervals or blocks are missing, each reason once. */
  readonly reasons: readonly string[];
}

/** What, the figure, the ceiling's, and its share of that. */
export type CeilingRow = readonly [workload: string, what: string, figure: string, ceiling: string, share: string];

const times = (ratio: number): string => `${formatNumber(ratio)} times`;

/** `43.1 % [40.2, 46.0]` of what should be high, `5.31 times [5.10, 5.52]` of what should be low. */
export function shareText({ metric, ratio, interval }: Pick<CeilingShare, 'metric' | 'ratio' | 'interval'>): string {
  if (ratio === null) return 'not measured';
  const format = metricNamed(metric)?.betterIs === 'higher' ? formatShare : times;
  const figure = format(ratio);
  return interval === null
    ? figure
    : `${figure} ${intervalText(figure, [format(interval.low), format(interval.high)])}`;
}

function shortTitle(metric: string): string {
  return (metricNamed(metric)?.title ?? metric).replace('half round trip, ', '');
}

/** The figure of a group as its table shows it. */
function figureText(group: WorkloadGroup | undefined, metric: string): string {
  const definition = metricNamed(metric);
  if (group === undefined || definition === null) return 'none';
  const figure = figureOf(metricSamplesOf(group.measurements, definition));
  if (figure === null) return 'none';
  return figure.isVoid ? 'void' : formatOf(definition.unit, metric)(figure.value);
}

function isMain({ metric }: CeilingShare): boolean {
  return metricNamed(metric)?.isMain === true;
}

/** null where nothing has a ceiling. */
export function ceilingTable(run: Run): CeilingTable | null {
  const shares = (run.ceilingShares ?? []).filter(isMain);
  if (shares.length === 0) return null;
  const groups = workloadGroups(run);
  const groupOf = (configuration: string, workload: string) =>
    groups.find((group) => group.configuration === configuration && group.spec.name === workload);
  const nameOf = ({ configuration, workload }: CeilingShare): string => {
    const group = groupOf(configuration, workload);
    return group === undefined ? workload : groupNames(run, group).join(' ');
  };
  const rows = shares.map((share): CeilingRow => {
    const { configuration, workload, ceiling, metric } = share;
    const figures = [configuration, ceiling].map((name) => figureText(groupOf(name, workload), metric));
    return [nameOf(share), shortTitle(metric), figures[0] ?? '', figures[1] ?? '', shareText(share)];
  });
  const left = shares.flatMap((share) => {
    const { unmatchedBlocks, blocks } = share;
    const of = `${String(unmatchedBlocks)} of ${String(unmatchedBlocks + blocks)}`;
    return unmatchedBlocks === 0 ? [] : [`${nameOf(share)} ${of}`];
  });
  const leftText = `Blocks left out, as one of the two is missing: ${[...new Set(left)].join(', ')}.`;
  const reasons = shares.flatMap(({ reason }) => reason ?? []);
  return {
    header: ['workload', 'figure', 'measured', 'ceiling', 'of the ceiling'],
    rows,
    reasons: [...new Set([...reasons, ...(left.length === 0 ? [] : [leftText])])],
  };
}
