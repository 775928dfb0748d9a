import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { LatencyDistribution, StoredHistogram } from '../../record/latency.ts';
import type { Whole } from './absence.ts';
import { eachOf } from './sum.ts';

export type Percentiles = Omit<LatencyDistribution, 'mean' | 'stddev' | 'min' | 'max'>;

export interface Merged {
  readonly stored: StoredHistogram;
  /** ns, as exact as its significant digits. */
  readonly percentiles: Percentiles;
}

type Histogram = ReturnType<typeof decodeFromCompressedBase64>;

function decoded({ data }: StoredHistogram): Histogram | null {
  try {
    return decodeFromCompressedBase64(data);
  } catch {
    // A record may hold any text.
    return null;
  }
}

function percentilesOf(histogram: Histogram): Percentiles {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile);
  return {
    p25: at(25),
    p50: at(50),
    p75: at(75),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    p9999: at(99.99),
    p99999: at(99.999),
  };
}

/** One histogram of several; none where one is missing or can't be read. */
export function mergedHistogram(stored: readonly (StoredHistogram | null)[]): Whole<Merged> {
  const given = eachOf(stored, (one) => one);
  if (given === null) return { whole: null, why: 'not every flow has a histogram of its messages' };
  const significantDigits = Math.min(...given.map((one) => one.significantDigits));
  const sum = build({ numberOfSignificantValueDigits: significantDigits as 1 | 2 | 3 | 4 | 5 });
  for (const one of given) {
    const histogram = decoded(one);
    if (histogram === null) return { whole: null, why: "the histogram of a flow can't be read" };
    sum.add(histogram);
  }
  return {
    whole: {
      stored: {
        encoding: 'hdrhistogram-v2-base64',
        unit: 'ns',
        significantDigits,
        data: encodeIntoCompressedBase64(sum),
      },
      percentiles: percentilesOf(sum),
    },
  };
}
