import type { Finding } from '../record/finding.ts';
import type { Cost, Measurement } from '../record/measurement.ts';
import { isUsable, type UsableFigure, voidingFindings } from './usable.ts';

/** A figure that can be compared between configurations, one value a boot. */
export interface MetricDefinition {
  /** As users name it in gates, filters and series. */
  readonly name: string;
  readonly unit: 'bit/s' | 'ns' | '1';
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

/** Share of the datagrams that were sent and did not arrive. */
function lostShare({ throughput }: Measurement): number | null {
  const { lost = null, sent = null } = throughput?.datagrams ?? {};
  return lost === null || sent === null || sent === 0 ? null : lost / sent;
}

/** Every metric that boots are compared by. */
export const metrics: readonly MetricDefinition[] = [
  {
    name: 'throughput.bitsPerSecond',
    unit: 'bit/s',
    betterIs: 'higher',
    kind: 'figure',
    title: 'throughput',
    threshold: defaultThreshold,
    isMain: true,
    rests: 'throughput',
    read: ({ throughput }) => throughput?.bitsPerSecond ?? null,
  },
  {
    name: 'throughput.lostShare',
    unit: '1',
    betterIs: 'lower',
    kind: 'figure',
    title: 'datagrams lost',
    threshold: defaultThreshold,
    isMain: true,
    rests: 'throughput',
    read: lostShare,
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
