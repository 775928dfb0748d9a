import { metricNamed } from '../../derive/metrics.ts';
import type { Measurement } from '../../record/measurement.ts';
import type { CpuTimes } from '../../record/probe-readings.ts';
import type { RecordedConfiguration } from '../../record/recorded-experiment.ts';
import type { Run } from '../../record/run.ts';
import type { Trial } from '../../record/trial.ts';
import { formatOf } from '../text/interval-text.ts';
import { formatNumber, formatShare, formatTime } from '../text/units.ts';
import { withSpread } from './figure-sources.ts';
import { figureOf, type MeasurementInTrial, metricSamplesOf, type Sample, workloadGroups } from './figures.ts';

/** What becomes of each figure as pairs are added: a row a figure, a column a number of pairs. Without marks for any output. */
export interface ScalingTable {
  /** What else the matrix chose, or that it is of the ceilings; empty where it chose nothing else. */
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** How the cells are to be read. */
export const scalingLegend =
  'in brackets the 95 % interval of the mean over boots, or the range where they are too few; memory just after the window, of guests without a balloon';

interface Row {
  readonly label: string;
  readonly format: (value: number) => string;
  readonly samples: (all: readonly MeasurementInTrial[]) => Sample[];
}

interface RowSource {
  readonly label: string;
  readonly format: Row['format'];
  readonly read: (measurement: Measurement) => number | null;
}

/** Of what is no metric: nothing voids it. */
function row({ label, format, read }: RowSource): Row {
  return {
    label,
    format,
    samples: (all) =>
      all.flatMap(({ trial, measurement }) => {
        const value = read(measurement);
        return value === null ? [] : [{ boot: trial.boot, value, isVoid: false }];
      }),
  };
}

function metricRow(name: string, label?: string): Row[] {
  const metric = metricNamed(name);
  if (metric === null) return [];
  const format = formatOf(metric.unit, metric.name);
  return [{ label: label ?? metric.title, format, samples: (all) => metricSamplesOf(all, metric) }];
}

function busyShare({ total }: { readonly total: CpuTimes }): number | null {
  const all = Object.values(total).reduce((sum, ns) => sum + ns, 0);
  return all === 0 ? null : 1 - (total.idleNs + total.iowaitNs) / all;
}

const rows: readonly Row[] = [
  ...metricRow('throughput.bitsPerSecond', 'throughput of all flows'),
  ...metricRow('throughput.datagramsPerSecond', 'datagrams a second of all flows'),
  ...metricRow('throughput.lostShare'),
  ...metricRow('search.highestBitsPerSecond'),
  ...metricRow('requests.perSecond', 'requests a second of all flows'),
  ...metricRow('latency.p50'),
  ...metricRow('latency.p99'),
  row({ label: 'fairness of flows', format: formatNumber, read: ({ together }) => together?.fairness ?? null }),
  ...metricRow('cost.systemCallsPerGigabyte'),
  ...metricRow('cost.systemCallsPerRoundTrip'),
  ...metricRow('cost.vmmCpuNsPerGigabyte'),
  ...metricRow('cost.vmmCpuNsPerRoundTrip'),
  row({
    label: 'host CPU busy',
    format: formatShare,
    read: ({ hostCpu }) => (hostCpu === null ? null : busyShare(hostCpu)),
  }),
  ...metricRow('vmmMemory.residentBytes'),
  ...metricRow('vmmMemory.proportionalBytes'),
];

/** From the start of each VMM to its guest's answer, ns; null where not all are known. */
function bootTimes({
  bootTime,
  machines,
}: Trial): readonly { readonly startNs: number; readonly endNs: number }[] | null {
  const each = machines === undefined ? [bootTime] : machines.map((machine) => machine.bootTime);
  const known = each.filter((time) => time !== undefined);
  return known.length === 0 || known.length < each.length ? null : known;
}

function meanBootNs(trial: Trial): number | null {
  const times = bootTimes(trial);
  return times === null ? null : times.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0) / times.length;
}

function allUpNs(trial: Trial): number | null {
  const times = bootTimes(trial);
  return times === null
    ? null
    : Math.max(...times.map(({ endNs }) => endNs)) - Math.min(...times.map(({ startNs }) => startNs));
}

const bootRows: readonly { readonly label: string; readonly read: (trial: Trial) => number | null }[] = [
  { label: 'boot of a guest', read: meanBootNs },
  { label: 'until all guests answer', read: allUpNs },
];

/** All that it asks for but how many pairs. */
function rest(configuration: RecordedConfiguration): string {
  const isCeiling = configuration.ceilingOf !== undefined;
  return JSON.stringify({ ...configuration, name: '', factors: {}, pairs: 0, ceilingOf: isCeiling });
}

function titleOf({ factors, ceilingOf }: RecordedConfiguration): string {
  if (ceilingOf !== undefined) return 'ceiling';
  const others = Object.entries(factors).filter(([path]) => path !== 'pairs');
  return others.map(([path, value]) => `${path} ${value}`).join(', ');
}

function workloadTable(run: Run, own: readonly RecordedConfiguration[], workload: string): string[][] {
  const groups = workloadGroups(run).filter(({ spec }) => spec.name === workload);
  const measured = own.map(
    ({ name }) => groups.find(({ configuration }) => configuration === name)?.measurements ?? [],
  );
  return rows.flatMap(({ label, format, samples }) => {
    const figures = measured.map((all) => figureOf(samples(all)));
    if (figures.every((figure) => figure === null)) return [];
    return [[`${workload}: ${label}`, ...figures.map((figure) => withSpread(figure, format))]];
  });
}

function bootTable({ trials }: Run, own: readonly RecordedConfiguration[]): string[][] {
  return bootRows.flatMap(({ label, read }) => {
    const figures = own.map(({ name }) => {
      const samples = trials.flatMap((trial): Sample[] => {
        const value = trial.configuration.name === name ? read(trial) : null;
        return value === null ? [] : [{ boot: trial.boot, value, isVoid: false }];
      });
      return figureOf(samples);
    });
    if (figures.every((figure) => figure === null)) return [];
    return [[label, ...figures.map((figure) => withSpread(figure, formatTime))]];
  });
}

function tableOf(run: Run, own: readonly RecordedConfiguration[]): ScalingTable[] {
  const [first] = own;
  const counts = new Set(own.map(({ pairs }) => pairs));
  if (first === undefined || counts.size < 2 || counts.size < own.length) return [];
  const booted = own.filter(({ name }) => run.trials.some((trial) => trial.configuration.name === name));
  // Of one number nothing can be said over them.
  if (booted.length < 2) return [];
  const sorted = own.toSorted((a, b) => a.pairs - b.pairs);
  const body = [...first.workloads.flatMap(({ name }) => workloadTable(run, sorted, name)), ...bootTable(run, sorted)];
  if (body.length === 0) return [];
  const header = sorted.map(({ pairs }) => (pairs === 1 ? '1 pair' : `${String(pairs)} pairs`));
  return [{ title: titleOf(first), header: ['', ...header], rows: body }];
}

/** A table for each set of configurations that differ in their number of pairs alone. */
export function scalingTables(run: Run): ScalingTable[] {
  const groups = Map.groupBy(run.experiment.configurations, rest);
  return [...groups.values()].flatMap((own) => tableOf(run, own));
}
