import type { Measurement } from '../../record/measurement.ts';
import { isBulk } from '../../record/recorded-experiment.ts';
import {
  type Concern,
  type CostKey,
  costSamplesOf,
  type Figure,
  figureOf,
  samplesOf,
  type WorkloadGroup,
} from '../figures.ts';
import { intervalText, rangeText } from '../interval-text.ts';
import type { Paint } from '../paint.ts';
import { formatChange, formatCount, formatNumber, formatRate, formatTime } from '../units.ts';

/** One line of the table: what, figure, spread, cost. */
export type FigureRow = readonly [what: string, figure: string, spread: string, cost: string];

interface FigureSource {
  readonly label: string;
  readonly concern: Concern;
  readonly read: (measurement: Measurement) => number | null;
  readonly format: (value: number) => string;
}

const throughputSources: readonly FigureSource[] = [
  {
    label: 'throughput',
    concern: 'throughput',
    read: ({ throughput }) => throughput?.bitsPerSecond ?? null,
    format: formatRate,
  },
  {
    label: 'retransmits',
    concern: 'throughput',
    read: ({ throughput }) => throughput?.retransmits ?? null,
    format: formatCount,
  },
  {
    label: 'datagrams lost',
    concern: 'throughput',
    read: ({ throughput }) => throughput?.datagrams?.lost ?? null,
    format: formatCount,
  },
];

function latencySource(label: string, key: 'mean' | 'p50' | 'p99' | 'p999' | 'max'): FigureSource {
  return {
    label,
    concern: 'latency',
    read: ({ latency }) => latency?.halfRoundTripNs[key] ?? null,
    format: formatTime,
  };
}

const latencySources: readonly FigureSource[] = [
  latencySource('half round trip p50', 'p50'),
  latencySource('mean', 'mean'),
  latencySource('p99', 'p99'),
  latencySource('p99.9', 'p999'),
  latencySource('max', 'max'),
];

interface CostSource {
  readonly key: CostKey;
  readonly format: (value: number) => string;
}

const costSources: readonly CostSource[] = [
  costSource('systemCallsPerRoundTrip', (value) => `${formatNumber(value)} calls/round trip`),
  costSource('waitCallsPerRoundTrip', (value) => `${formatNumber(value)} waits/round trip`),
  costSource('guestEntriesPerRoundTrip', (value) => `${formatNumber(value)} KVM_RUN/round trip`),
  costSource('userspaceExitsPerRoundTrip', (value) => `${formatNumber(value)} exits to VMM/round trip`),
  costSource('kvmExitsPerRoundTrip', (value) => `${formatNumber(value)} exits/round trip`),
  costSource('vmmCpuNsPerRoundTrip', (value) => `${formatTime(value)} CPU/round trip`),
  costSource('systemCallsPerGigabyte', (value) => `${formatNumber(value)} calls/GB`),
  costSource('waitCallsPerGigabyte', (value) => `${formatNumber(value)} waits/GB`),
  costSource('guestEntriesPerGigabyte', (value) => `${formatNumber(value)} KVM_RUN/GB`),
  costSource('userspaceExitsPerGigabyte', (value) => `${formatNumber(value)} exits to VMM/GB`),
  costSource('kvmExitsPerGigabyte', (value) => `${formatNumber(value)} exits/GB`),
  costSource('vmmCpuNsPerGigabyte', (value) => `${formatTime(value)} CPU/GB`),
  costSource('bitsPerSecondPerCore', (value) => `${formatRate(value)}/core`),
];

function costSource(key: CostKey, format: (value: number) => string): CostSource {
  return { key, format };
}

/** Costs that are 0 because the accelerator has no such thing (KVM_RUN under TCG) tell nothing. */
function isWorthALine({ key }: CostSource, figure: Figure): boolean {
  return figure.max > 0 || !key.startsWith('guestEntries');
}

function costTexts(group: WorkloadGroup, paint: Paint): string[] {
  return costSources.flatMap((source) => {
    const figure = figureOf(costSamplesOf(group, source.key));
    if (figure === null || !isWorthALine(source, figure)) return [];
    const text = source.format(figure.value);
    return [figure.isVoid ? paint.struck(text) : text];
  });
}

/** The interval of the mean where there is one, else the range over boots. */
function spreadOf({ value, interval, min, max }: Figure, format: (value: number) => string): string {
  const figure = format(value);
  if (interval === null) return rangeText(figure, [format(min), format(max)]);
  return intervalText(figure, [format(interval.low), format(interval.high)]);
}

function spreadText(figure: Figure, source: FigureSource): string {
  if (figure.isVoid) return 'all boots void';
  if (figure.boots === 1) return '1 boot: no spread';
  return spreadOf(figure, source.format);
}

function figureRows(group: WorkloadGroup, sources: readonly FigureSource[], paint: Paint): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const source of sources) {
    const figure = figureOf(samplesOf(group, source.concern, source.read));
    if (figure === null) continue;
    const text = source.format(figure.value);
    const spread = paint.faint(spreadText(figure, source));
    // Later rows of one boot would only repeat that there is no spread.
    const isRepeated = rows.length > 0 && figure.boots === 1 && !figure.isVoid;
    const indent = sources === latencySources && source.label !== latencySources[0]?.label ? ' '.repeat(16) : '';
    const label = `  ${indent}${source.label}`;
    const row = figure.isVoid ? voidCells(label, text, paint) : ([label, paint.strong(text)] as const);
    rows.push([...row, isRepeated ? '' : spread, '']);
    if (source.label === sources[0]?.label) rows.push(...voidBootRows(figure, source, paint));
  }
  return rows;
}

/** A figure that must not be used: struck through; where nothing can be struck through its label says so. */
function voidCells(label: string, text: string, paint: Paint): readonly [what: string, figure: string] {
  return [paint.isColor ? label : `${label} (void)`, paint.isColor ? paint.struck(text) : text];
}

/** The boots that the first figure of a workload leaves out. */
function voidBootRows(figure: Figure, source: FigureSource, paint: Paint): FigureRow[] {
  return figure.voidBoots.map(({ boot, value }) => [
    ...voidCells(`    boot ${String(boot)}`, source.format(value), paint),
    '',
    '',
  ]);
}

/** What tracing did to the figure, by boots whose figure can be used. */
function observerRow(group: WorkloadGroup, paint: Paint): FigureRow[] {
  const isThroughput = isBulk(group.spec);
  const samples = samplesOf(group, isThroughput ? 'throughput' : 'latency', (one) => one.observerEffect?.ratio ?? null);
  const figure = figureOf(samples);
  if (figure === null || figure.isVoid) return [];
  const spread = figure.boots > 1 ? paint.faint(spreadOf(figure, formatChange)) : '';
  return [[isThroughput ? '  when traced' : '  p50 when traced', formatChange(figure.value), spread, '']];
}

/** The rows of one workload, with its costs beside its figures. */
export function workloadRows(group: WorkloadGroup, paint: Paint): FigureRow[] {
  const figures = [
    ...figureRows(group, throughputSources, paint),
    ...figureRows(group, latencySources, paint),
    ...observerRow(group, paint),
  ];
  const costs = costTexts(group, paint);
  const length = Math.max(figures.length, costs.length);
  return Array.from({ length }, (_, index) => {
    const [what, figure, spread] = figures[index] ?? ['', '', ''];
    return [what, figure, spread, costs[index] ?? ''];
  });
}
