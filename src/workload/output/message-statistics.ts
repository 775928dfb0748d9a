import type { LatencySpread } from '../../record/latency.ts';
import type { MeasuredDistribution } from '../measured-figures.ts';

/** Round trips of every message of one window, ascending, in ns. That there are at least two and that they are sorted is proved by the constructor. */
export class SortedRoundTrips {
  readonly ns: Float64Array;

  /**
   * Sorts `ns` in place: the array now belongs to this object.
   * @throws RangeError where there are fewer than two
   */
  constructor(ns: Float64Array) {
    if (ns.length < 2) throw new RangeError(`${ns.length} round trips: at least two are needed`);
    this.ns = ns.sort();
  }

  get count(): number {
    return this.ns.length;
  }

  /** The round trip at this place, 0 for the shortest; places outside are taken for the nearest end. */
  at(place: number): number {
    return this.ns.at(Math.min(Math.max(place, 0), this.count - 1)) ?? 0;
  }
}

/** sockperf's rank of a percentile, src/client.cpp `printPercentiles`: (int)(0.5 + p x n) - 1. */
function percentile(roundTrips: SortedRoundTrips, fraction: number): number {
  return roundTrips.at(Math.floor(0.5 + fraction * roundTrips.count) - 1);
}

function mean(roundTrips: SortedRoundTrips): number {
  // Whole nanoseconds: the sum is exact up to 2^53 ns, 104 days of round trips.
  let sum = 0;
  for (const each of roundTrips.ns) sum += each;
  return sum / roundTrips.count;
}

/** With n - 1, as src/ticks.cpp `TicksDuration::stdDev`, but in two passes. */
function standardDeviation(roundTrips: SortedRoundTrips, centre: number): number {
  let squares = 0;
  for (const each of roundTrips.ns) squares += (each - centre) ** 2;
  return Math.sqrt(squares / (roundTrips.count - 1));
}

function meanAbsoluteDeviation(roundTrips: SortedRoundTrips, centre: number): number {
  let distance = 0;
  for (const each of roundTrips.ns) distance += Math.abs(each - centre);
  return distance / roundTrips.count;
}

/** Mean of the two middle ones where their number is even. */
function median(roundTrips: SortedRoundTrips): number {
  const half = Math.floor(roundTrips.count / 2);
  return roundTrips.count % 2 === 1 ? roundTrips.at(half) : (roundTrips.at(half - 1) + roundTrips.at(half)) / 2;
}

/** Median of |x - median|, without a second array: the deviations grow to the left and to the right of the median, so they are merged from there. */
function medianDeviation(roundTrips: SortedRoundTrips): number {
  const { ns, count } = roundTrips;
  const centre = median(roundTrips);
  let right = Math.floor(count / 2);
  let left = right - 1;
  let previous = 0;
  let deviation = 0;
  for (let taken = 0; taken <= Math.floor(count / 2); taken += 1) {
    previous = deviation;
    const toLeft = left < 0 ? Infinity : centre - (ns[left] ?? 0);
    const toRight = right >= count ? Infinity : (ns[right] ?? 0) - centre;
    deviation = Math.min(toLeft, toRight);
    if (toLeft <= toRight) left -= 1;
    else right += 1;
  }
  return count % 2 === 1 ? deviation : (previous + deviation) / 2;
}

/** 1 / (0.75 quantile of the standard normal): src/ticks.cpp `TicksDuration::medianad` scales by it, so that it estimates a standard deviation. */
const medianDeviationScale = 1.48260221851;
/** 0.995 quantile of the standard normal distribution, for a two-sided 99 % interval. sockperf approximates it to 8e-5 (`NormalCDFInverse`). */
const normalQuantile995 = 2.5758293035489;

type PercentileName = 'p25' | 'p50' | 'p75' | 'p90' | 'p99' | 'p999' | 'p9999' | 'p99999';

/** The percentiles of a distribution. @param at the figure at a fraction */
export function percentilesBy(at: (fraction: number) => number): Pick<MeasuredDistribution, PercentileName> {
  return {
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
    p9999: at(0.9999),
    p99999: at(0.99999),
  };
}

/** Half round trips, as sockperf prints them, each figure in ns. */
export function halfRoundTripDistribution(roundTrips: SortedRoundTrips): MeasuredDistribution {
  const centre = mean(roundTrips);
  return {
    mean: centre / 2,
    stddev: standardDeviation(roundTrips, centre) / 2,
    min: roundTrips.at(0) / 2,
    max: roundTrips.at(roundTrips.count - 1) / 2,
    ...percentilesBy((fraction) => percentile(roundTrips, fraction) / 2),
  };
}

/** Spread of the half round trips, as sockperf 3.8 and later define it (src/client.cpp `client_statistics`, src/ticks.cpp); in ns but for the coefficient of variation. */
export function halfRoundTripSpread(roundTrips: SortedRoundTrips): LatencySpread {
  const centre = mean(roundTrips);
  const deviation = standardDeviation(roundTrips, centre);
  const error = deviation / Math.sqrt(roundTrips.count);
  return {
    meanAbsoluteDeviationNs: meanAbsoluteDeviation(roundTrips, centre) / 2,
    medianAbsoluteDeviationNs: (medianDeviationScale * medianDeviation(roundTrips)) / 2,
    semiInterquartileRangeNs: (percentile(roundTrips, 0.75) - percentile(roundTrips, 0.25)) / 4,
    coefficientOfVariation: centre === 0 ? 0 : deviation / centre,
    standardErrorNs: error / 2,
    confidence99Ns: {
      low: (centre - normalQuantile995 * error) / 2,
      high: (centre + normalQuantile995 * error) / 2,
    },
  };
}
