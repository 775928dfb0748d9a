import { z } from 'zod';
import { count, integer, signedCount } from './bounds.ts';

/** A latency distribution, each figure in ns; null where a lab note does not have it. */
export const latencyDistribution = z.strictObject({
  mean: count.nullable(),
  /** Standard deviation over messages, n - 1. */
  stddev: count.nullable(),
  min: count.nullable(),
  max: count.nullable(),
  p25: count.nullable(),
  p50: count.nullable(),
  p75: count.nullable(),
  p90: count.nullable(),
  p99: count.nullable(),
  p999: count.nullable(),
  p9999: count.nullable(),
  p99999: count.nullable(),
});
export type LatencyDistribution = z.infer<typeof latencyDistribution>;

/** A distribution of which every figure is known. */
type KnownDistribution = { [Figure in keyof LatencyDistribution]: number };

/** Half round trips doubled. */
export function wholeRoundTrips(half: KnownDistribution): KnownDistribution;
export function wholeRoundTrips(half: LatencyDistribution): LatencyDistribution;
export function wholeRoundTrips(half: LatencyDistribution): LatencyDistribution {
  const twice = (ns: number | null): number | null => (ns === null ? null : 2 * ns);
  return {
    mean: twice(half.mean),
    stddev: twice(half.stddev),
    min: twice(half.min),
    max: twice(half.max),
    p25: twice(half.p25),
    p50: twice(half.p50),
    p75: twice(half.p75),
    p90: twice(half.p90),
    p99: twice(half.p99),
    p999: twice(half.p999),
    p9999: twice(half.p9999),
    p99999: twice(half.p99999),
  };
}

/** Spread of the half round trips over the messages of one window, computed from every message. Not an interval for a comparison: messages of one boot are not independent. */
export const latencySpread = z.strictObject({
  /** Mean of |x - mean|, ns. */
  meanAbsoluteDeviationNs: count,
  /** 1.48260221851 x the median of |x - median|, ns: scaled to estimate a standard deviation, as newer sockperf prints `median-ad`. */
  medianAbsoluteDeviationNs: count,
  /** Half of p75 - p25, ns, by sockperf's ranks. */
  semiInterquartileRangeNs: count,
  /** stddev / mean, no unit. */
  coefficientOfVariation: count,
  /** stddev / sqrt(n), ns. */
  standardErrorNs: count,
  /** mean -+ 2.5758 standard errors, ns: what newer sockperf prints as `99.0% ci`. */
  confidence99Ns: z.strictObject({ low: signedCount, high: signedCount }),
});
export type LatencySpread = z.infer<typeof latencySpread>;

export const storedHistogram = z.strictObject({
  /** HdrHistogram V2 compressed encoding, base64. */
  encoding: z.literal('hdrhistogram-v2-base64'),
  unit: z.literal('ns'),
  significantDigits: integer.min(1).max(5),
  data: z.string(),
});
export type StoredHistogram = z.infer<typeof storedHistogram>;

/** What became of requests that can each fail by themselves, as those of HTTP. */
export const requestOutcomes = z.strictObject({
  /** Whole replies / duration. */
  perSecond: count,
  /** Of all replies, headers and unfinished ones included. */
  replyBytes: count,
  /** Connections that could not be made, and reads and writes that failed. */
  connectErrors: count,
  readErrors: count,
  writeErrors: count,
  /** Whole replies that came too late for the tool, and have no part in its distribution. */
  timeouts: count,
  /** Whole replies that say that the request failed (HTTP: a status above 399). */
  refusals: count,
});
export type RequestOutcomes = z.infer<typeof requestOutcomes>;

/** What a request-response tool reported. sockperf prints half of a round trip; both are recorded. null: a lab note does not say. */
export const latency = z.strictObject({
  protocol: z.enum(['tcp', 'udp', 'icmp']).nullable(),
  /**
   * `echo`: the kernel of the other end answers, and the client has work of its own between two requests. `closed-loop`: several connections, each with one
   * request under way.
   */
  mode: z.enum(['ping-pong', 'under-load', 'echo', 'closed-loop']).nullable(),
  /** Round trips that the figures are made of. */
  messages: count.nullable(),
  sentMessages: count.nullable(),
  receivedMessages: count.nullable(),
  droppedMessages: count.nullable(),
  duplicatedMessages: count.nullable(),
  outOfOrderMessages: count.nullable(),
  messageBytes: count.nullable(),
  /** The stretch that the tool counts as valid (after warm-up, before cool-down), ns. */
  durationNs: count.nullable(),
  /** Absent where a request can't fail by itself. */
  requests: requestOutcomes.optional(),
  halfRoundTripNs: latencyDistribution,
  roundTripNs: latencyDistribution,
  /** Computed from the log of every message, else as a newer sockperf printed it (whole ns); null where neither is there. */
  spread: latencySpread.nullable(),
  /** Half round trips of every message; null where no per-message log was kept. */
  histogram: storedHistogram.nullable(),
});
export type Latency = z.infer<typeof latency>;
