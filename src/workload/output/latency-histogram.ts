import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { StoredHistogram } from '../../record/latency.ts';
import type { SortedRoundTrips } from './message-statistics.ts';

const significantDigits = 3;

/** A half round trip in ns, and how many messages had it. */
export type CountedHalf = readonly [ns: number, count: number];

/** HdrHistogram of half round trips, each rounded to a whole ns. */
export function histogramOf(halves: Iterable<CountedHalf>): StoredHistogram {
  const histogram = build({ numberOfSignificantValueDigits: significantDigits });
  for (const [ns, count] of halves) histogram.recordValueWithCount(Math.round(ns), count);
  return {
    encoding: 'hdrhistogram-v2-base64',
    unit: 'ns',
    significantDigits,
    data: encodeIntoCompressedBase64(histogram),
  };
}

/** Sorted, so equal values stand together: one for each run of them. */
function* runsOf(roundTrips: SortedRoundTrips): Generator<CountedHalf> {
  let value = Math.round(roundTrips.at(0) / 2);
  let count = 0;
  for (const roundTrip of roundTrips.ns) {
    const next = Math.round(roundTrip / 2);
    if (next !== value) {
      yield [value, count];
      value = next;
      count = 0;
    }
    count += 1;
  }
  yield [value, count];
}

/** The same of every message. */
export function halfRoundTripHistogram(roundTrips: SortedRoundTrips): StoredHistogram {
  return histogramOf(runsOf(roundTrips));
}
