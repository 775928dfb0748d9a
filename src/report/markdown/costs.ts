import type { Measurement } from '../../record/measurement.ts';
import { isBulk } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import { type CostKey, isCostVoid, type WorkloadGroup, workloadGroups } from '../figures.ts';
import { formatChange, formatNumber, formatRate, formatTime } from '../units.ts';
import { markdownTable, markdownText } from './escape.ts';

interface CostColumn {
  readonly title: string;
  readonly key: CostKey;
  readonly format: (value: number) => string;
  /** Not shown where no boot has it. */
  readonly isOptional?: boolean;
}

const perRoundTrip: readonly CostColumn[] = [
  { title: 'calls / round trip', key: 'systemCallsPerRoundTrip', format: formatNumber },
  { title: 'waits / round trip', key: 'waitCallsPerRoundTrip', format: formatNumber },
  { title: 'KVM_RUN / round trip', key: 'guestEntriesPerRoundTrip', format: formatNumber },
  { title: 'exits / round trip', key: 'kvmExitsPerRoundTrip', format: formatNumber, isOptional: true },
  { title: 'exits to VMM / round trip', key: 'userspaceExitsPerRoundTrip', format: formatNumber, isOptional: true },
  { title: 'VMM CPU / round trip', key: 'vmmCpuNsPerRoundTrip', format: formatTime },
  { title: 'of it outside vCPUs', key: 'vmmCpuOutsideVcpuNsPerRoundTrip', format: formatTime },
];

const perGigabyte: readonly CostColumn[] = [
  { title: 'calls / GB', key: 'systemCallsPerGigabyte', format: formatNumber },
  { title: 'waits / GB', key: 'waitCallsPerGigabyte', format: formatNumber },
  { title: 'KVM_RUN / GB', key: 'guestEntriesPerGigabyte', format: formatNumber },
  { title: 'exits / GB', key: 'kvmExitsPerGigabyte', format: formatNumber, isOptional: true },
  { title: 'exits to VMM / GB', key: 'userspaceExitsPerGigabyte', format: formatNumber, isOptional: true },
  { title: 'VMM CPU / GB', key: 'vmmCpuNsPerGigabyte', format: formatTime },
  { title: 'of it outside vCPUs', key: 'vmmCpuOutsideVcpuNsPerGigabyte', format: formatTime },
  { title: 'rate / VMM core', key: 'bitsPerSecondPerCore', format: formatRate },
];

function costCell(measurement: Measurement, column: CostColumn): string {
  const value = measurement.cost[column.key];
  if (value === null) return 'none';
  return isCostVoid(measurement, column.key) ? `~~${column.format(value)}~~ (void)` : column.format(value);
}

/** The columns of a workload's costs. */
function columnsOf({ spec, measurements }: WorkloadGroup): CostColumn[] {
  const all = isBulk(spec) ? perGigabyte : perRoundTrip;
  return all.filter(
    ({ key, isOptional }) =>
      isOptional !== true || measurements.some(({ measurement }) => measurement.cost[key] !== null),
  );
}

function costTable(group: WorkloadGroup): string {
  const columns = columnsOf(group);
  const rows = group.measurements.map(({ trial, measurement }) => [
    String(trial.boot),
    ...columns.map((column) => costCell(measurement, column)),
    measurement.observerEffect === null ? 'none' : formatChange(measurement.observerEffect.ratio),
  ]);
  return markdownTable(['boot', ...columns.map((column) => column.title), 'when traced'], rows);
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

function threadTable(group: WorkloadGroup): string {
  const rows = group.measurements.flatMap(({ trial, measurement }) =>
    measurement.threads.map((thread) => [
      String(trial.boot),
      markdownText(thread.name),
      thread.role,
      ...[thread.runNs, thread.waitNs, thread.userNs, thread.systemNs].map(formatTime),
    ]),
  );
  return rows.length === 0
    ? ''
    : markdownTable(['boot', 'thread', 'role', 'on a CPU', 'waiting for one', 'user', 'system'], rows);
}

/** `# Costs`: what a round trip or a gigabyte took, by workload and boot, and the CPU time of each thread. */
export function costsSection(run: Run): string {
  const groups = workloadGroups(run).filter((group) => group.measurements.length > 0);
  const isOne = run.experiment.configurations.length === 1;
  const parts = groups.map((group) => {
    const name = isOne ? group.spec.name : `${group.configuration}, ${group.spec.name}`;
    const blocks = [costTable(group), reasonLines(group).join('\n'), threadTable(group)].filter(
      (block) => block !== '',
    );
    return [`## ${markdownText(name)}`, ...blocks].join('\n\n');
  });
  return ['# Costs', ...(parts.length === 0 ? ['Nothing was measured.'] : parts)].join('\n\n');
}
