import type { Flow } from '../../record/measurement.ts';
import { formatCount, formatNumber, formatRate, formatTime } from '../text/units.ts';
import { figureOf, type Sample, type WorkloadGroup } from './figures.ts';

interface FlowColumn {
  readonly title: string;
  readonly read: (flow: Flow) => number | null;
  readonly format: (value: number) => string;
}

const columns: readonly FlowColumn[] = [
  { title: 'throughput', read: ({ throughput }) => throughput?.bitsPerSecond ?? null, format: formatRate },
  { title: 'retransmits', read: ({ throughput }) => throughput?.retransmits ?? null, format: formatCount },
  { title: 'requests a second', read: ({ latency }) => latency?.requests?.perSecond ?? null, format: formatNumber },
  ...(['p50', 'p99', 'max'] as const).map((key) => ({
    title: key,
    read: ({ latency }: Flow) => latency?.halfRoundTripNs[key] ?? null,
    format: formatTime,
  })),
];

/** The flows of a workload, a row each: who talks to whom, and its figures as means over boots. Without marks for any output. */
export interface FlowTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A flow in the boots that have it. */
interface BootFlow {
  readonly boot: number;
  readonly flow: Flow;
}

function cellOf(flows: readonly BootFlow[], { read, format }: FlowColumn): string {
  const samples = flows.flatMap(({ boot, flow }): Sample[] => {
    const value = read(flow);
    return value === null ? [] : [{ boot, value, isVoid: false }];
  });
  const figure = figureOf(samples);
  return figure === null ? 'none' : format(figure.value);
}

/** null: there is one flow. */
export function flowTable({ measurements }: WorkloadGroup): FlowTable | null {
  const all = measurements.flatMap(({ trial, measurement: { flows = [] } }) =>
    flows.length < 2 ? [] : flows.map((flow) => ({ boot: trial.boot, flow })),
  );
  if (all.length === 0) return null;
  const shown = columns.filter(({ read }) => all.some(({ flow }) => read(flow) !== null));
  const rows = [...Map.groupBy(all, ({ flow }) => flow.name)].map(([name, own]) => {
    const [first] = own;
    const ends = `${first?.flow.client ?? 'not said'} to ${first?.flow.server ?? 'not said'}`;
    const failure = own.map(({ flow }) => flow.failure).find((why) => why !== null) ?? null;
    const cells = shown.map((column) => cellOf(own, column));
    return [name, ends, ...cells, ...(failure === null ? [] : [`failed: ${failure}`])];
  });
  return { header: ['flow', 'from, to', ...shown.map(({ title }) => title)], rows };
}
