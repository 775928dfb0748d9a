import { metricNamed } from '../../derive/metrics.ts';
import { failedRequests } from '../../record/failed-requests.ts';
import type { Flow, Measurement } from '../../record/measurement.ts';
import { mainFigureOf } from '../../workload/questions.ts';
import { intervalText, rangeText } from '../text/interval-text.ts';
import { formatCount, formatNumber, formatRate, formatShare, formatTime } from '../text/units.ts';
import { type Concern, type Figure, figureOf, samplesOf, type WorkloadGroup } from './figures.ts';

/** One figure that the reports show of a workload. */
export interface FigureSource {
  /** Below the one before it. */
  readonly label: string;
  /** By itself. */
  readonly title: string;
  readonly concern: Concern;
  readonly read: (measurement: Measurement) => number | null;
  readonly format: (value: number) => string;
}

function throughputSource(title: string, rest: Pick<FigureSource, 'read' | 'format'>): FigureSource {
  return { label: title, title, concern: 'throughput', ...rest };
}

/** The value of a metric; null where there is none. */
function valueOf(name: string): FigureSource['read'] {
  const metric = metricNamed(name);
  return (measurement) => metric?.read(measurement) ?? null;
}

/** Of several flows the one that got least; null where there is one flow. */
function worstFlow({ flows, together }: Measurement): Flow | null {
  return flows?.find(({ name }) => name === together?.worst) ?? null;
}

function fairnessOfBulk({ throughput, together }: Measurement): number | null {
  return throughput === null ? null : (together?.fairness ?? null);
}

export const throughputSources: readonly FigureSource[] = [
  throughputSource('throughput', { read: ({ throughput }) => throughput?.bitsPerSecond ?? null, format: formatRate }),
  throughputSource('highest within loss limit', {
    read: valueOf('search.highestBitsPerSecond'),
    format: formatRate,
  }),
  throughputSource('client to server', {
    read: ({ throughput }) => throughput?.ways?.upload.bitsPerSecond ?? null,
    format: formatRate,
  }),
  throughputSource('server to client', {
    read: ({ throughput }) => throughput?.ways?.download.bitsPerSecond ?? null,
    format: formatRate,
  }),
  throughputSource('worst flow', {
    read: (measurement) => worstFlow(measurement)?.throughput?.bitsPerSecond ?? null,
    format: formatRate,
  }),
  throughputSource('fairness of flows', { read: fairnessOfBulk, format: formatNumber }),
  throughputSource('retransmits', { read: ({ throughput }) => throughput?.retransmits ?? null, format: formatCount }),
  throughputSource('datagrams a second', { read: valueOf('throughput.datagramsPerSecond'), format: formatCount }),
  throughputSource('datagrams lost', {
    read: ({ throughput }) => throughput?.datagrams?.lost ?? null,
    format: formatCount,
  }),
  ...(['upload', 'download'] as const).map((way) =>
    throughputSource(way === 'upload' ? 'lost, client to server' : 'lost, server to client', {
      read: valueOf(`throughput.ways.${way}.lostShare`),
      format: formatShare,
    }),
  ),
  throughputSource('jitter', { read: ({ throughput }) => throughput?.datagrams?.jitterNs ?? null, format: formatTime }),
];

/** null where there were none: the rate says it all. */
function failures({ latency }: Measurement): number | null {
  const { failed = 0 } = (latency === null ? null : failedRequests(latency)) ?? {};
  return failed === 0 ? null : failed;
}

/** Requests that can each fail by themselves. */
export const requestSources: readonly FigureSource[] = [
  {
    label: 'requests a second',
    title: 'requests a second',
    concern: 'latency',
    read: ({ latency }) => latency?.requests?.perSecond ?? null,
    format: formatNumber,
  },
  {
    label: 'requests that failed',
    title: 'requests that failed',
    concern: 'latency',
    read: failures,
    format: formatCount,
  },
];

function latencySource(name: string, key: 'mean' | 'p50' | 'p99' | 'p999' | 'max', label = name): FigureSource {
  return {
    label,
    title: `half round trip, ${name}`,
    concern: 'latency',
    read: ({ latency }) => latency?.halfRoundTripNs[key] ?? null,
    format: formatTime,
  };
}

export const latencySources: readonly FigureSource[] = [
  latencySource('p50', 'p50', 'half round trip p50'),
  latencySource('mean', 'mean'),
  latencySource('p99', 'p99'),
  latencySource('p99.9', 'p999'),
  latencySource('max', 'max'),
  {
    label: 'worst flow p99',
    title: 'half round trip, p99 of the worst flow',
    concern: 'latency',
    read: (measurement) => worstFlow(measurement)?.latency?.halfRoundTripNs.p99 ?? null,
    format: formatTime,
  },
];

/** The interval of the mean where there is one, else the range over boots. */
export function spreadOf({ value, interval, min, max }: Figure, format: (value: number) => string): string {
  const figure = format(value);
  if (interval === null) return rangeText(figure, [format(min), format(max)]);
  return intervalText(figure, [format(interval.low), format(interval.high)]);
}

/** A figure with its spread in brackets; without where all boots gave the same. */
export function withSpread(figure: Figure | null, format: (value: number) => string): string {
  if (figure === null) return 'none';
  const text = format(figure.value);
  if (figure.isVoid) return `${text} (void)`;
  const isAlike = figure.interval === null && format(figure.min) === format(figure.max);
  if (isAlike) return text;
  const spread = spreadOf(figure, format);
  return `${text} ${figure.interval === null ? `[${spread}]` : spread}`;
}

/** The spread, or why there is none. */
export function spreadText(figure: Figure, format: (value: number) => string): string {
  if (figure.isVoid) return 'all boots void';
  return figure.boots === 1 ? '1 boot: no spread' : spreadOf(figure, format);
}

/** By how much throughput, or the median latency, differs in the traced window, by boots whose figure can be used; null where nothing was traced apart. */
export function observerFigure(group: WorkloadGroup): Figure | null {
  const concern = mainFigureOf(group.spec) ?? 'latency';
  const figure = figureOf(samplesOf(group, concern, (one) => one.observerEffect?.ratio ?? null));
  return figure === null || figure.isVoid ? null : figure;
}
