import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { halfRoundTripHistogram } from './latency-histogram.ts';
import { halfRoundTripDistribution, halfRoundTripSpread, SortedRoundTrips } from './message-statistics.ts';

const roundTrips = (...ns: number[]) => new SortedRoundTrips(Float64Array.from(ns));
const manyRoundTrips = fc.array(fc.nat(5_000_000_000), { minLength: 2, maxLength: 200 });

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] ?? NaN) + (sorted[Math.floor(half)] ?? NaN)) / 2;
}

describe('SortedRoundTrips', () => {
  it('sorts by number, in place', () => {
    expect([...roundTrips(100, 9, 20).ns]).toEqual([9, 20, 100]);
  });

  it('refuses a single round trip, which has no spread', () => {
    expect(() => roundTrips(1)).toThrow(RangeError);
  });
});

describe('the spread of half round trips', () => {
  // x = [5, 10, 20, 45, 90] in Python 3: statistics.mean, .stdev, .median, NormalDist().inv_cdf(0.995)
  it('of an odd number of messages is that of Python’s statistics', () => {
    const spread = halfRoundTripSpread(roundTrips(20, 10, 180, 40, 90));
    expect(spread.meanAbsoluteDeviationNs).toBeCloseTo(26.8, 9);
    expect(spread.medianAbsoluteDeviationNs).toBeCloseTo(15 * 1.48260221851, 9);
    expect(spread.coefficientOfVariation).toBeCloseTo(1.026255666, 9);
    expect(spread.standardErrorNs).toBeCloseTo(15.6044865343, 9);
    expect(spread.confidence99Ns.low).toBeCloseTo(-6.194493682, 9);
    expect(spread.confidence99Ns.high).toBeCloseTo(74.194493682, 9);
  });

  it('has quartiles by sockperf’s rank, (int)(0.5 + p n) - 1', () => {
    // n = 6: p25 is place 1, p75 place 4.
    expect(halfRoundTripSpread(roundTrips(2, 4, 6, 8, 10, 12)).semiInterquartileRangeNs).toBe(1.5);
  });

  it('has the median deviation that sorting all deviations gives', () => {
    fc.assert(
      fc.property(manyRoundTrips, (values) => {
        const halves = values.map((value) => value / 2);
        const centre = medianOf(halves);
        const expected = medianOf(halves.map((half) => Math.abs(half - centre)));
        const found = halfRoundTripSpread(roundTrips(...values)).medianAbsoluteDeviationNs;
        expect(found).toBeCloseTo(expected * 1.48260221851, 3);
      }),
    );
  });

  it('of equal messages is none', () => {
    expect(halfRoundTripSpread(roundTrips(8, 8, 8))).toEqual({
      meanAbsoluteDeviationNs: 0,
      medianAbsoluteDeviationNs: 0,
      semiInterquartileRangeNs: 0,
      coefficientOfVariation: 0,
      standardErrorNs: 0,
      confidence99Ns: { low: 4, high: 4 },
    });
  });
});

describe('the distribution of half round trips', () => {
  it('rises from minimum to maximum, around its mean', () => {
    fc.assert(
      fc.property(manyRoundTrips, (values) => {
        const d = halfRoundTripDistribution(roundTrips(...values));
        const rising = [d.min, d.p25, d.p50, d.p75, d.p90, d.p99, d.p999, d.p9999, d.p99999, d.max];
        expect(rising).toEqual(rising.toSorted((a, b) => a - b));
        expect(d.mean).toBeGreaterThanOrEqual(d.min);
        expect(d.mean).toBeLessThanOrEqual(d.max);
      }),
    );
  });
});

describe('the histogram of half round trips', () => {
  it('decodes to every message, within three significant digits', () => {
    fc.assert(
      fc.property(manyRoundTrips, (values) => {
        const stored = halfRoundTripHistogram(roundTrips(...values));
        const histogram = decodeFromCompressedBase64(stored.data);
        expect(histogram.totalCount).toBe(values.length);
        const largest = Math.round(Math.max(...values) / 2);
        expect(Math.abs(histogram.maxValue - largest)).toBeLessThanOrEqual(largest / 1000);
      }),
    );
  });
});
