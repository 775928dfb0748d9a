import type { Measurement } from '../../record/measurement.ts';
import type { Run } from '../../record/run.ts';
import { mainFigureOf } from '../../workload/questions.ts';
import { callRates } from '../measurement/call-rates.ts';
import { observerFigure } from '../measurement/figure-sources.ts';
import {
  askedGroups,
  type CostKey,
  costSamplesOf,
  figureOf,
  isCostVoid,
  machineCostSamplesOf,
  machinesOf,
  memoryLines,
  type Sample,
  type WorkloadGroup,
} from '../measurement/figures.ts';
import { formatChange, formatCount, formatNumber, formatRate, formatSize, formatTime } from '../text/units.ts';
import { markdownTable, markdownText } from './escape.ts';
import { folded } from './fold.ts';
import { type FigureLine, figureTable } from './result.ts';

interface CostColumn {
  readonly title: string;
  readonly key: CostKey;
  readonly format: (value: number) => string;
  /** Not shown where no boot has it. */
  readonly isOptional?: boolean;
}

const perRoundTrip: readonly CostColumn[] = [
  { title: 'system calls / round trip', key: 'systemCallsPerRoundTrip', format: formatNumber },
  { title: 'waits / round trip', key: 'waitCallsPerRoundTrip', format: formatNumber },
  { title: 'KVM_RUN / round trip', key: 'guestEntriesPerRoundTrip', format: formatNumber },
  { title: 'exits / round trip', key: 'kvmExitsPerRoundTrip', format: formatNumber, isOptional: true },
  { title: 'exits to VMM / round trip', key: 'userspaceExitsPerRoundTrip', format: formatNumber, isOptional: true },
  { title: 'VMM CPU / round trip', key: 'vmmCpuNsPerRoundTrip', format: formatTime },
  { title: 'VMM CPU without vCPUs / round trip', key: 'vmmCpuOutsideVcpuNsPerRoundTrip', format: formatTime },
];

const perGigabyte: readonly CostColumn[] = [
  { title: 'system calls / GB', key: 'systemCallsPerGigabyte', format: formatNumber },
  { title: 'waits / GB', key: 'waitCallsPerGigabyte', format: formatNumber },
  { title: 'KVM_RUN / GB', key: 'guestEntriesPerGigabyte', format: formatNumber },
  { title: 'exits / GB', key: 'kvmExitsPerGigabyte', format: formatNumber, isOptional: true },
  { title: 'exits to VMM / GB', key: 'userspaceExitsPerGigabyte', format: formatNumber, isOptional: true },
  { title: 'VMM CPU / GB', key: 'vmmCpuNsPerGigabyte', format: formatTime },
  { title: 'VMM CPU without vCPUs / GB', key: 'vmmCpuOutsideVcpuNsPerGigabyte', format: formatTime },
  { title: 'throughput / VMM core', key: 'bitsPerSecondPerCore', format: formatRate },
];

function costCell(measurement: Measurement, column: CostColumn): string {
  const value = measurement.cost[column.key];
  if (value === null) return 'none';
  return isCostVoid(measurement, column.key) ? `~~${column.format(value)}~~ (void)` : column.format(value);
}

/** The columns of a workload's costs. */
function columnsOf({ spec, measurements }: WorkloadGroup): CostColumn[] {
  const figure = mainFigureOf(spec);
  if (figure === null) return [];
  const all = { throughput: perGigabyte, latency: perRoundTrip }[figure];
  return all.filter(
    ({ key, isOptional }) =>
      isOptional !== true || measurements.some(({ measurement }) => measurement.cost[key] !== null),
  );
}

/** Each boot's costs: a row a boot. */
function bootTable(group: WorkloadGroup): string {
  const columns = columnsOf(group);
  const rows = group.measurements.map(({ trial, measurement }) => [
    String(trial.boot),
    ...columns.map((column) => costCell(measurement, column)),
    measurement.observerEffect === null ? 'none' : formatChange(measurement.observerEffect.ratio),
  ]);
  return markdownTable(['boot', ...columns.map((column) => column.title), 'when traced'], rows);
}

function tracedLine(group: WorkloadGroup): FigureLine[] {
  const figure = observerFigure(group);
  if (figure === null) return [];
  const title =
    mainFigureOf(group.spec) === 'throughput' ? 'throughput in the traced window' : 'median in the traced window';
  return [{ cells: [title], figure, format: formatChange }];
}

/** The costs over boots: a row a cost. Those that no boot has are left out. */
function costTable(group: WorkloadGroup): string {
  const columns = columnsOf(group);
  const line = ({ title, key, format }: CostColumn, samples: readonly Sample[]): FigureLine[] => {
    const figure = figureOf(samples);
    // KVM_RUN is 0 where the accelerator has no such thing.
    if (figure === null || (figure.max === 0 && key.startsWith('guestEntries'))) return [];
    return [{ cells: [title], figure, format }];
  };
  const ofMachines = machinesOf(group).flatMap((machine) =>
    columns.flatMap((column) => {
      const title = `${column.title}, ${markdownText(machine)}`;
      return line({ ...column, title }, machineCostSamplesOf(group, machine, column.key));
    }),
  );
  const ofAll = columns.flatMap((column) => line(column, costSamplesOf(group, column.key)));
  const memory = memoryLines(group).flatMap(({ metric, machine, samples }): FigureLine[] => {
    const figure = figureOf(samples);
    const title = machine === null ? metric.title : `${metric.title}, ${markdownText(machine)}`;
    return figure === null ? [] : [{ cells: [title], figure, format: formatSize }];
  });
  const all = [...ofAll, ...ofMachines, ...memory, ...tracedLine(group)];
  return all.length === 0 ? '' : figureTable(['cost'], all);
}

/** Why costs are missing, each reason once. */
function reasonLines(group: WorkloadGroup): string[] {
  const columns = columnsOf(group);
  const titles = new Map<string, string>(columns.map(({ key, title }) => [key, title]));
  const reasons = group.measurements.flatMap(({ measurement }) =>
    Object.entries(measurement.cost.reasons).flatMap(([key, reason]) => {
      const title = titles.get(key);
      return title === undefined ? [] : [`- ${title}: ${markdownText(reason)}`];
    }),
  );
  return [...new Set(reasons)];
}

/** Each boot's threads: a row a thread. */
function threadBootTable(group: WorkloadGroup): string {
  const rows = group.measurements.flatMap(({ trial, measurement }) =>
    measurement.threads.map((thread) => [
      String(trial.boot),
      markdownText(thread.machine === undefined ? thread.name : `${thread.machine}: ${thread.name}`),
      thread.role,
      ...[thread.runNs, thread.waitNs, thread.userNs, thread.systemNs].map(formatTime),
    ]),
  );
  return rows.length === 0
    ? ''
    : markdownTable(['boot', 'thread', 'role', 'on a CPU', 'waiting for a CPU', 'user', 'system'], rows);
}

/** Calls rarer than this are start-up and timers, not the path. */
const leastPerUnit = 0.005;

/** The system calls by thread and kind, for a unit of work. */
function callList(group: WorkloadGroup): string {
  const rates = callRates(group);
  if (rates === null) return '';
  const lines = rates.threads.flatMap(({ thread, role, calls }) => {
    const kinds = (['work', 'wait', 'run'] as const).flatMap((kind) => {
      const shown = calls.filter((call) => call.kind === kind && call.perUnit >= leastPerUnit);
      if (shown.length === 0) return [];
      const count = rates.unit === 'trace' ? formatCount : formatNumber;
      return [`${kind} ${shown.map(({ call, perUnit }) => `${call} ${count(perUnit)}`).join(', ')}`];
    });
    const name = role === null ? thread : `${thread} (${role})`;
    return kinds.length === 0 ? [] : [`- thread ${markdownText(`${name}: ${kinds.join('; ')}`)}`];
  });
  return lines.length === 0
    ? ''
    : [`System calls ${rates.unit === 'trace' ? 'of the whole trace' : `a ${rates.unit}`}:`, lines.join('\n')].join(
        '\n\n',
      );
}

/** What each boot took: open where there is one, else folded away. */
function bootBlocks(group: WorkloadGroup): string[] {
  const threads = threadBootTable(group);
  if (group.measurements.length === 1) return [threads];
  return [folded('Each boot', [bootTable(group), threads].filter((block) => block !== '').join('\n\n'))];
}

/** `# Costs`: what a round trip or a gigabyte took of the VMM and the host, by workload. */
export function costsSection(run: Run): string {
  const groups = askedGroups(run).filter((group) => group.measurements.length > 0);
  const parts = groups.map((group) => {
    const name = group.names.join(', ');
    const blocks = [costTable(group), reasonLines(group).join('\n'), callList(group), ...bootBlocks(group)];
    return [`## ${markdownText(name)}`, ...blocks.filter((block) => block !== '')].join('\n\n');
  });
  return ['# Costs', ...(parts.length === 0 ? ['Nothing was measured.'] : parts)].join('\n\n');
}
