import type { Measurement } from '../record/measurement.ts';
import type { Throughput } from '../record/throughput.ts';
import { sumOf } from './whole/sum.ts';

type Way = 'upload' | 'download';

interface Counted {
  readonly sent: number;
  readonly lost: number;
}

function countedOf(sent: number | null | undefined, lost: number | null | undefined): Counted | null {
  return sent === null || sent === undefined || lost === null || lost === undefined ? null : { sent, lost };
}

function arrivedRate(counted: Counted | null, durationNs: number | null): number | null {
  return counted === null || durationNs === null || durationNs <= 0
    ? null
    : ((counted.sent - counted.lost) * 1e9) / durationNs;
}

function shareOf(counted: Counted | null): number | null {
  return counted === null || counted.sent === 0 ? null : counted.lost / counted.sent;
}

function allOf(throughput: Throughput | null): Counted | null {
  return countedOf(throughput?.datagrams?.sent, throughput?.datagrams?.lost);
}

function wayOf(throughput: Throughput | null, way: Way): Counted | null {
  const found = throughput?.ways?.[way];
  return countedOf(found?.sentDatagrams, found?.lostDatagrams);
}

/** Over all flows, each by its own seconds; null where one of them has none. */
function overFlows(
  { throughput, flows }: Pick<Measurement, 'throughput' | 'flows'>,
  rateOf: (one: Throughput | null) => number | null,
): number | null {
  const all = flows === undefined || flows.length === 0 ? [{ throughput }] : flows;
  return sumOf(all, (flow) => rateOf(flow.throughput));
}

/** Datagrams, or messages one way, that arrived in a second; null where they were not counted. */
export function datagramsPerSecond(measurement: Pick<Measurement, 'throughput' | 'flows'>): number | null {
  return overFlows(measurement, (one) => arrivedRate(allOf(one), one?.durationNs ?? null));
}

/** The same of one of both ways at once. */
export function wayDatagramsPerSecond(measurement: Pick<Measurement, 'throughput' | 'flows'>, way: Way): number | null {
  return overFlows(measurement, (one) => arrivedRate(wayOf(one, way), one?.durationNs ?? null));
}

/** Share of the datagrams that were sent and did not arrive. */
export function lostShare({ throughput }: Pick<Measurement, 'throughput'>): number | null {
  return shareOf(allOf(throughput));
}

/** The same of one of both ways at once. */
export function wayLostShare({ throughput }: Pick<Measurement, 'throughput'>, way: Way): number | null {
  return shareOf(wayOf(throughput, way));
}
