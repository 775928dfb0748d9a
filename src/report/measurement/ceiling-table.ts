import { metricNamed } from '../../derive/metrics.ts';
import type { CeilingShare } from '../../record/ceiling-share.ts';
import type { Run } from '../../record/run.ts';
import { formatOf, intervalText } from '../text/interval-text.ts';
import { formatNumber, formatShare } from '../text/units.ts';
import { withSpread } from './figure-sources.ts';
import { figureOf, metricSamplesOf, type WorkloadGroup, workloadGroups } from './figures.ts';

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

/** The figure of a group, with its spread where there is room for it. null: none was measured. */
function figureText(group: WorkloadGroup | undefined, metric: string, hasSpread: boolean): string | null {
  const definition = metricNamed(metric);
  if (group === undefined || definition === null) return null;
  const figure = figureOf(metricSamplesOf(group.measurements, definition));
  if (figure === null) return null;
  const format = formatOf(definition.unit, metric);
  if (hasSpread) return withSpread(figure, format);
  return figure.isVoid ? 'void' : format(figure.value);
}

function isMain({ metric }: CeilingShare): boolean {
  return metricNamed(metric)?.isMain === true;
}

/** How many blocks have no share: once for a configuration where all that it ran lack the same. */
function leftTexts(shares: readonly CeilingShare[], nameOf: (share: CeilingShare) => string): string[] {
  const byConfiguration = [...Map.groupBy(shares, ({ configuration }) => configuration)];
  return byConfiguration.flatMap(([configuration, own]) => {
    const texts = own.map(({ unmatchedBlocks, blocks }) =>
      unmatchedBlocks === 0 ? null : `${String(unmatchedBlocks)} of ${String(unmatchedBlocks + blocks)}`,
    );
    const [first = null] = texts;
    const workloads = new Set(own.map(({ workload }) => workload));
    if (first !== null && workloads.size > 1 && texts.every((text) => text === first))
      return [byConfiguration.length === 1 ? first : `${configuration} ${first}`];
    const each = own.map((share, index) => (texts[index] === null ? null : `${nameOf(share)} ${texts[index] ?? ''}`));
    return [...new Set(each.filter((text) => text !== null))];
  });
}

/** null where nothing has a ceiling. @param hasSpread whether figures stand with their spread, as shares do */
export function ceilingTable(run: Run, hasSpread: boolean): CeilingTable | null {
  const shares = (run.ceilingShares ?? []).filter(isMain);
  if (shares.length === 0) return null;
  const groups = workloadGroups(run);
  const groupOf = (configuration: string, workload: string) =>
    groups.find((group) => group.configuration === configuration && group.spec.name === workload);
  const nameOf = ({ configuration, workload }: CeilingShare): string => {
    const group = groupOf(configuration, workload);
    return group === undefined ? workload : group.names.join(' ');
  };
  const rows = shares.flatMap((share): CeilingRow[] => {
    const { configuration, workload, ceiling, metric } = share;
    const figure = figureText(groupOf(configuration, workload), metric, hasSpread);
    // Nothing to hold against it: `reasons` has it.
    if (figure === null) return [];
    const above = figureText(groupOf(ceiling, workload), metric, hasSpread) ?? 'none';
    return [[nameOf(share), shortTitle(metric), figure, above, shareText(share)]];
  });
  const left = leftTexts(shares, nameOf);
  const leftText = `Blocks left out, as one of the two is missing: ${left.join(', ')}.`;
  const reasons = shares.flatMap(({ reason }) => reason ?? []);
  return {
    header: ['workload', 'figure', 'measured', 'ceiling', 'of the ceiling'],
    rows,
    reasons: [...new Set([...reasons, ...(left.length === 0 ? [] : [leftText])])],
  };
}
