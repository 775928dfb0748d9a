import { mainFigureOf } from '../../workload/questions.ts';
import {
  type FigureSource,
  latencySources,
  observerFigure,
  requestSources,
  spreadOf,
  spreadText,
  throughputSources,
} from '../measurement/figure-sources.ts';
import {
  type CostKey,
  costSamplesOf,
  type Figure,
  figureOf,
  machineCostSamplesOf,
  machinesOf,
  memoryLines,
  type Sample,
  samplesOf,
  type WorkloadGroup,
} from '../measurement/figures.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { formatChange, formatNumber, formatRate, formatSize, formatTime } from '../text/units.ts';

/** One line of the table: what, figure, spread, cost. */
export type FigureRow = readonly [what: string, figure: string, spread: string, cost: string];

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

function costText(source: CostSource, samples: readonly Sample[], paint: Paint): string[] {
  const figure = figureOf(samples);
  if (figure === null || !isWorthALine(source, figure)) return [];
  const text = source.format(figure.value);
  return [figure.isVoid ? paint.struck(text) : text];
}

function costTexts(group: WorkloadGroup, paint: Paint): string[] {
  const ofAll = costSources.flatMap((source) => costText(source, costSamplesOf(group, source.key), paint));
  const ofMachines = machinesOf(group).flatMap((machine) =>
    costSources.flatMap((source) => {
      const samples = machineCostSamplesOf(group, machine, source.key);
      return costText(source, samples, paint).map((text) => `${printable(machine)}: ${text}`);
    }),
  );
  const memory = memoryLines(group).flatMap(({ label, machine, samples }) => {
    const figure = figureOf(samples);
    if (figure === null) return [];
    const size = formatSize(figure.value);
    return [machine === null ? `${size} ${label}/VMM` : `${printable(machine)}: ${size} ${label}`];
  });
  return [...ofAll, ...ofMachines, ...memory];
}

function figureRows(group: WorkloadGroup, sources: readonly FigureSource[], paint: Paint): FigureRow[] {
  const rows: FigureRow[] = [];
  for (const source of sources) {
    const figure = figureOf(samplesOf(group, source.concern, source.read));
    if (figure === null) continue;
    const text = source.format(figure.value);
    const spread = paint.faint(spreadText(figure, source.format));
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
  const figure = observerFigure(group);
  if (figure === null) return [];
  const spread = figure.boots > 1 ? paint.faint(spreadOf(figure, formatChange)) : '';
  return [
    [
      mainFigureOf(group.spec) === 'throughput' ? '  when traced' : '  p50 when traced',
      formatChange(figure.value),
      spread,
      '',
    ],
  ];
}

/** The rows of one workload, with its costs beside its figures. */
export function workloadRows(group: WorkloadGroup, paint: Paint): FigureRow[] {
  const figures = [
    ...figureRows(group, throughputSources, paint),
    ...figureRows(group, requestSources, paint),
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
