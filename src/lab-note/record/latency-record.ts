import type { Latency, LatencyDistribution, LatencySpread } from '../../record/latency.ts';
import type { Figure } from '../figure.ts';
import type { LatencyFigures, LatencySpreadFigures } from '../reading.ts';
import type { LeftOutList } from './left-out.ts';
import { TakenFigures } from './taken-figures.ts';

/** What the record takes from the command. */
export interface LatencyAsked {
  readonly protocol: Latency['protocol'];
  readonly mode: Latency['mode'];
  readonly messageBytes: number | null;
  /** `--full-rtt` in the command. */
  readonly isFullRoundTrip: boolean;
  /** The record is kept though no figure of time is printed: a report has them beside the text. */
  readonly isKept: boolean;
}

const percentiles: Readonly<Record<string, keyof LatencyDistribution>> = {
  25: 'p25',
  50: 'p50',
  75: 'p75',
  90: 'p90',
  99: 'p99',
  99.9: 'p999',
  99.99: 'p9999',
  99.999: 'p99999',
};

const fields = ['mean', 'stddev', 'min', 'max', 'p25', 'p50', 'p75', 'p90', 'p99', 'p999', 'p9999', 'p99999'] as const;

const none: LatencyDistribution = {
  mean: null,
  stddev: null,
  min: null,
  max: null,
  p25: null,
  p50: null,
  p75: null,
  p90: null,
  p99: null,
  p999: null,
  p9999: null,
  p99999: null,
};

function figuresByField(value: LatencyFigures): Map<keyof LatencyDistribution, Figure> {
  const found = new Map<keyof LatencyDistribution, Figure>();
  const add = (field: keyof LatencyDistribution | undefined, figure: Figure | null): void => {
    if (field !== undefined && figure !== null && !found.has(field)) found.set(field, figure);
  };
  add('mean', value.meanNs ?? value.summaryNs);
  add('stddev', value.stddevNs);
  add('min', value.minNs);
  add('max', value.maxNs);
  for (const { percent, ns } of value.percentiles) add(percentiles[String(percent.value)], ns);
  return found;
}

interface DistributionSource {
  readonly figures: ReadonlyMap<keyof LatencyDistribution, Figure>;
  readonly taken: TakenFigures;
}

/** Paths of the fields, made once. */
const paths = {
  halfRoundTripNs: fields.map((field) => [field, `latency.halfRoundTripNs.${field}`] as const),
  roundTripNs: fields.map((field) => [field, `latency.roundTripNs.${field}`] as const),
};

function distribution(
  { figures, taken }: DistributionSource,
  name: keyof typeof paths,
  scale: number,
): LatencyDistribution {
  const found: Record<keyof LatencyDistribution, number | null> = { ...none };
  for (const [field, path] of paths[name]) found[field] = taken.take(path, figures.get(field), scale);
  return found;
}

/** @param scale from the printed figures to half round trips */
function spread(printed: LatencySpreadFigures | null, taken: TakenFigures, scale: number): LatencySpread | null {
  // An interval of another level is not the record's.
  if (printed === null || printed.confidencePercent.value !== 99) return null;
  const of = (field: string, figure: Figure, by = scale): number =>
    taken.take(`latency.spread.${field}`, figure, by) ?? 0;
  return {
    meanAbsoluteDeviationNs: of('meanAbsoluteDeviationNs', printed.meanAbsoluteDeviationNs),
    medianAbsoluteDeviationNs: of('medianAbsoluteDeviationNs', printed.medianAbsoluteDeviationNs),
    semiInterquartileRangeNs: of('semiInterquartileRangeNs', printed.semiInterquartileRangeNs),
    coefficientOfVariation: of('coefficientOfVariation', printed.coefficientOfVariation, 1),
    standardErrorNs: of('standardErrorNs', printed.standardErrorNs),
    confidence99Ns: {
      low: taken.takeSigned('latency.spread.confidence99Ns.low', printed.confidenceLowNs, scale),
      high: taken.takeSigned('latency.spread.confidence99Ns.high', printed.confidenceHighNs, scale),
    },
  };
}

function listLeftOut(value: LatencyFigures, isSpreadTaken: boolean, leftOut: LeftOutList): void {
  const { total, burstMessages, serverNumber } = value;
  if (total !== null) {
    const why = 'the record has the valid stretch, without warm-up and cool-down';
    leftOut.add(total.durationNs.line, 'run time and sent messages of the whole run', why);
  }
  if (burstMessages !== null)
    leftOut.add(burstMessages.line, `bursts of ${burstMessages.text} messages`, 'a record has no field for it');
  if (serverNumber !== null && serverNumber.value !== 0)
    leftOut.add(serverNumber.line, `server number ${serverNumber.text}`, 'a record has no field for it');
  if (value.spread !== null && !isSpreadTaken)
    leftOut.add(value.spread.confidencePercent.line, 'spread figures', 'their interval is not of 99 %');
  for (const { percent, ns } of value.percentiles) {
    if (percentiles[String(percent.value)] === undefined)
      leftOut.add(ns.line, `percentile ${percent.text}`, 'a record has no field for it');
  }
}

export interface LatencyRecord {
  readonly latency: Latency | null;
  readonly rounding: Record<string, number>;
  /** Round trips of the whole run, with the warm-up; null where the note does not say. */
  readonly totalRoundTrips: number | null;
}

/**
 * What a note's output of sockperf says of replies; null where it has no figure of time. Its text says half round trips unless it names round
 * trips or the command has `--full-rtt`.
 */
export function latencyRecord(value: LatencyFigures, asked: LatencyAsked, leftOut: LeftOutList): LatencyRecord {
  const taken = new TakenFigures();
  const figures = figuresByField(value);
  const isWhole = value.meaning === null ? asked.isFullRoundTrip : value.meaning === 'round-trip';
  const totalRoundTrips = taken.take('work.roundTrips', value.total?.received);
  if (figures.size === 0 && !asked.isKept) return { latency: null, rounding: {}, totalRoundTrips };
  const toHalf = isWhole ? 0.5 : 1;
  const source = { figures, taken };
  const count = (name: string, figure: Figure | null | undefined): number | null =>
    taken.take(`latency.${name}`, figure);
  const latency: Latency = {
    protocol: value.protocol ?? asked.protocol,
    mode: value.mode === 'playback' ? null : (value.mode ?? asked.mode),
    messages: count('messages', value.observations),
    sentMessages: count('sentMessages', value.valid?.sent),
    receivedMessages: count('receivedMessages', value.valid?.received),
    droppedMessages: count('droppedMessages', value.dropped),
    duplicatedMessages: count('duplicatedMessages', value.duplicated),
    outOfOrderMessages: count('outOfOrderMessages', value.outOfOrder),
    messageBytes: asked.messageBytes,
    durationNs: count('durationNs', value.valid?.durationNs),
    halfRoundTripNs: distribution(source, 'halfRoundTripNs', toHalf),
    roundTripNs: distribution(source, 'roundTripNs', 2 * toHalf),
    spread: spread(value.spread, taken, toHalf),
    histogram: null,
  };
  listLeftOut(value, latency.spread !== null, leftOut);
  return { latency, rounding: taken.rounding, totalRoundTrips };
}
