import { failedRequests } from '../record/failed-requests.ts';
import type { Finding } from '../record/finding.ts';
import type { Cost, Measurement } from '../record/measurement.ts';
import type { VmmMemory } from '../record/probe-readings.ts';
import { datagramsPerSecond, lostShare, wayDatagramsPerSecond, wayLostShare } from './datagrams.ts';
import { isUsable, type UsableFigure, voidingFindings } from './usable.ts';

/** A figure that can be compared between configurations, one value a boot. */
export interface MetricDefinition {
  /** As users name it in gates, filters and series. */
  readonly name: string;
  readonly unit: 'bit/s' | 'ns' | 'B' | '1';
  readonly betterIs: 'higher' | 'lower';
  /** `figure`: what the path gives; `cost`: what it costs. */
  readonly kind: 'figure' | 'cost';
  /** In words, for tables. */
  readonly title: string;
  /** Smallest change that matters where the user says nothing else, as a share. */
  readonly threshold: number;
  /** Whether it is compared without being named: figures that say the same in other words are not, as each costs all others power (Holm). */
  readonly isMain: boolean;
  /** What must not be void for it to stand. */
  readonly rests: UsableFigure;
  /** null: not measured. */
  read(measurement: Measurement): number | null;
}

/** Smallest change that matters, where a metric says nothing else. */
export const defaultThreshold = 0.03;

function latency(
  of: keyof NonNullable<Measurement['latency']>['halfRoundTripNs'],
  title: string,
  isMain: boolean,
): MetricDefinition {
  return {
    name: `latency.${of}`,
    unit: 'ns',
    betterIs: 'lower',
    kind: 'figure',
    title,
    threshold: defaultThreshold,
    isMain,
    rests: 'latency',
    read: (measurement) => measurement.latency?.halfRoundTripNs[of] ?? null,
  };
}

type CostName = Exclude<keyof Cost, 'reasons'>;

function cost(
  of: CostName,
  unit: MetricDefinition['unit'],
  more: { title: string; isMain: boolean },
): MetricDefinition {
  return {
    name: `cost.${of}`,
    unit,
    betterIs: of === 'bitsPerSecondPerCore' ? 'higher' : 'lower',
    kind: 'cost',
    ...more,
    threshold: defaultThreshold,
    rests: of,
    read: (measurement) => measurement.cost[of],
  };
}

/** Of one VMM. Not compared without being named: it hardly differs between boots, and says nothing of the path. */
function memory(of: keyof VmmMemory, title: string): MetricDefinition {
  return {
    name: `vmmMemory.${of}`,
    unit: 'B',
    betterIs: 'lower',
    kind: 'cost',
    title,
    threshold: defaultThreshold,
    isMain: false,
    rests: 'memory',
    read: ({ vmmMemory }) => vmmMemory?.[of] ?? null,
  };
}

function bulk(
  name: string,
  unit: MetricDefinition['unit'],
  more: Pick<MetricDefinition, 'title' | 'betterIs' | 'isMain' | 'read'>,
): MetricDefinition {
  return {
    name: `throughput.${name}`,
    unit,
    kind: 'figure',
    threshold: defaultThreshold,
    rests: 'throughput',
    ...more,
  };
}

/** What one of both ways at once gave. Their rates are no other words for the sum: one may gain what the other loses. */
function wayMetrics(way: 'upload' | 'download', words: string): MetricDefinition[] {
  const path = `ways.${way}`;
  return [
    bulk(`${path}.bitsPerSecond`, 'bit/s', {
      title: `throughput, ${words}`,
      betterIs: 'higher',
      isMain: true,
      read: ({ throughput }) => throughput?.ways?.[way].bitsPerSecond ?? null,
    }),
    bulk(`${path}.datagramsPerSecond`, '1', {
      title: `datagrams a second, ${words}`,
      betterIs: 'higher',
      isMain: false,
      read: (measurement) => wayDatagramsPerSecond(measurement, way),
    }),
    bulk(`${path}.lostShare`, '1', {
      title: `datagrams lost, ${words}`,
      betterIs: 'lower',
      isMain: false,
      read: (measurement) => wayLostShare(measurement, way),
    }),
    bulk(`${path}.jitterNs`, 'ns', {
      title: `jitter, ${words}`,
      betterIs: 'lower',
      isMain: false,
      read: ({ throughput }) => throughput?.ways?.[way].jitterNs ?? null,
    }),
  ];
}

/** Of bulk data. Datagrams a second are the rate in other words; iperf3's jitter is a running mean as it stood at the end. */
const bulkMetrics: readonly MetricDefinition[] = [
  bulk('bitsPerSecond', 'bit/s', {
    title: 'throughput',
    betterIs: 'higher',
    isMain: true,
    read: ({ throughput }) => throughput?.bitsPerSecond ?? null,
  }),
  bulk('lostShare', '1', { title: 'datagrams lost', betterIs: 'lower', isMain: true, read: lostShare }),
  bulk('datagramsPerSecond', '1', {
    title: 'datagrams a second',
    betterIs: 'higher',
    isMain: false,
    read: datagramsPerSecond,
  }),
  bulk('jitterNs', 'ns', {
    title: 'jitter',
    betterIs: 'lower',
    isMain: false,
    read: ({ throughput }) => throughput?.datagrams?.jitterNs ?? null,
  }),
  ...wayMetrics('upload', 'client to server'),
  ...wayMetrics('download', 'server to client'),
  {
    name: 'search.highestBitsPerSecond',
    unit: 'bit/s',
    kind: 'figure',
    title: 'highest rate within the loss limit',
    betterIs: 'higher',
    threshold: defaultThreshold,
    isMain: true,
    rests: 'throughput',
    read: ({ search }) => search?.highestBitsPerSecond ?? null,
  },
];

/** Share of the requests that failed, in whatever way. */
function failedShare({ latency }: Measurement): number | null {
  const counted = latency === null ? null : failedRequests(latency);
  return counted === null || counted.all === 0 ? null : counted.failed / counted.all;
}

/** Every metric that boots are compared by. */
export const metrics: readonly MetricDefinition[] = [
  ...bulkMetrics,
  {
    name: 'requests.perSecond',
    unit: '1',
    betterIs: 'higher',
    kind: 'figure',
    title: 'requests a second',
    threshold: defaultThreshold,
    isMain: true,
    rests: 'latency',
    read: ({ latency: of }) => of?.requests?.perSecond ?? null,
  },
  {
    name: 'requests.failedShare',
    unit: '1',
    betterIs: 'lower',
    kind: 'figure',
    title: 'requests that failed',
    threshold: defaultThreshold,
    isMain: false,
    rests: 'latency',
    read: failedShare,
  },
  latency('mean', 'half round trip, mean', false),
  latency('p50', 'half round trip, p50', true),
  latency('p90', 'half round trip, p90', false),
  latency('p99', 'half round trip, p99', true),
  latency('p999', 'half round trip, p99.9', false),
  cost('systemCallsPerRoundTrip', '1', { title: 'system calls a round trip', isMain: true }),
  cost('systemCallsPerGigabyte', '1', { title: 'system calls a GB', isMain: true }),
  cost('waitCallsPerRoundTrip', '1', { title: 'waits a round trip', isMain: false }),
  cost('waitCallsPerGigabyte', '1', { title: 'waits a GB', isMain: false }),
  cost('guestEntriesPerRoundTrip', '1', { title: 'guest entries a round trip', isMain: false }),
  cost('guestEntriesPerGigabyte', '1', { title: 'guest entries a GB', isMain: false }),
  cost('userspaceExitsPerRoundTrip', '1', { title: 'exits to the VMM a round trip', isMain: false }),
  cost('userspaceExitsPerGigabyte', '1', { title: 'exits to the VMM a GB', isMain: false }),
  cost('kvmExitsPerRoundTrip', '1', { title: 'exits from the guest a round trip', isMain: false }),
  cost('kvmExitsPerGigabyte', '1', { title: 'exits from the guest a GB', isMain: false }),
  cost('vmmCpuNsPerRoundTrip', 'ns', { title: 'VMM CPU a round trip', isMain: true }),
  cost('vmmCpuNsPerGigabyte', 'ns', { title: 'VMM CPU a GB', isMain: true }),
  cost('vmmCpuOutsideVcpuNsPerRoundTrip', 'ns', { title: 'VMM CPU outside vCPUs a round trip', isMain: false }),
  cost('vmmCpuOutsideVcpuNsPerGigabyte', 'ns', { title: 'VMM CPU outside vCPUs a GB', isMain: false }),
  cost('bitsPerSecondPerCore', 'bit/s', { title: 'throughput a core', isMain: false }),
  memory('residentBytes', 'memory of a VMM, RSS'),
  memory('proportionalBytes', 'memory of a VMM, PSS'),
];

/** The metric of a name; null where there is none. `throughput` and `latency` alone mean the figure that is first asked for. */
export function metricNamed(name: string): MetricDefinition | null {
  const full = { throughput: 'throughput.bitsPerSecond', latency: 'latency.p50' }[name] ?? name;
  return metrics.find((metric) => metric.name === full) ?? null;
}

/** The value that a comparison may use; null where it was not measured, is no finite number, or is void. */
export function usableValue(measurement: Measurement, metric: MetricDefinition): number | null {
  const value = metric.read(measurement);
  return value !== null && Number.isFinite(value) && isUsable(measurement, metric.rests) ? value : null;
}

/** What was found about a metric or what it rests on, whatever its level, in the order of the audits. */
export function findingsAbout({ findings }: Measurement, metric: MetricDefinition): Finding[] {
  // A finding speaks of a metric where it would void it, were it of that level.
  return findings.filter((one) => voidingFindings({ findings: [{ ...one, level: 'void' }] }, metric.rests).length > 0);
}
