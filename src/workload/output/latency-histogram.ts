import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { StoredHistogram } from '../../record/latency.ts';
import type { SortedRoundTrips } from './message-statistics.ts';

const significantDigits = 3;

/** HdrHistogram of the half round trips, each rounded to a whole ns. */
export function halfRoundTripHistogram(roundTrips: SortedRoundTrips): StoredHistogram {
  const histogram = build({ numberOfSignificantValueDigits: significantDigits });
  // Sorted, so equal values stand together: one call for each run of them.
  let value = Math.round(roundTrips.at(0) / 2);
  let count = 0;
  for (const roundTrip of roundTrips.ns) {
    const next = Math.round(roundTrip / 2);
    if (next !== value) {
      histogram.recordValueWithCount(value, count);
      value = next;
      count = 0;
    }
    count += 1;
  }
  histogram.recordValueWithCount(value, count);
  return {
    encoding: 'hdrhistogram-v2-base64',
    unit: 'ns',
    significantDigits,
    data: encodeIntoCompressedBase64(histogram),
  };
}
