import { type Latency, type LatencyDistribution, type RequestOutcomes, wholeRoundTrips } from '../../record/latency.ts';
import { type Explained, everyPart, type Whole } from './absence.ts';
import { mergedHistogram, type Percentiles } from './merged-histogram.ts';
import { commonOf, eachOf, sumOf } from './sum.ts';

interface Reported extends Explained {
  readonly latency: Latency | null;
}

/** Mean and standard deviation of all messages, from those of the flows: exact, as the sums of x and of x^2 are added up. */
function momentsOf(all: readonly Latency[]): Pick<LatencyDistribution, 'mean' | 'stddev'> {
  const count = sumOf(all, ({ messages }) => messages);
  const sum = sumOf(all, ({ messages, halfRoundTripNs: { mean } }) =>
    messages === null || mean === null ? null : messages * mean,
  );
  if (count === null || sum === null || count === 0) return { mean: null, stddev: null };
  const mean = sum / count;
  // Within flows, and between their means and the mean of all.
  const squares = sumOf(all, ({ messages, halfRoundTripNs: own }) =>
    messages === null || own.mean === null || own.stddev === null
      ? null
      : Math.max(0, messages - 1) * own.stddev ** 2 + messages * (own.mean - mean) ** 2,
  );
  return { mean, stddev: squares === null || count < 2 ? null : Math.sqrt(squares / (count - 1)) };
}

function extremeOf(
  all: readonly Latency[],
  of: 'min' | 'max',
  pick: (...values: readonly number[]) => number,
): number | null {
  const values = eachOf(all, ({ halfRoundTripNs }) => halfRoundTripNs[of]);
  return values === null ? null : pick(...values);
}

/** A histogram gives the end of a step, which may lie beyond the slowest message. */
function atMost(max: number | null, percentiles: Percentiles): Percentiles {
  if (max === null) return percentiles;
  const bounded = (value: number | null): number | null => (value === null ? null : Math.min(value, max));
  const { p25, p50, p75, p90, p99, p999, p9999, p99999 } = percentiles;
  return {
    p25: bounded(p25),
    p50: bounded(p50),
    p75: bounded(p75),
    p90: bounded(p90),
    p99: bounded(p99),
    p999: bounded(p999),
    p9999: bounded(p9999),
    p99999: bounded(p99999),
  };
}

/** All of one window: rates are added up as counts are. */
function requestsOf(all: readonly Latency[]): RequestOutcomes | null {
  const each = eachOf(all, ({ requests }) => requests ?? null);
  if (each === null) return null;
  const sum = (of: keyof RequestOutcomes): number => each.reduce((total, one) => total + one[of], 0);
  return {
    perSecond: sum('perSecond'),
    replyBytes: sum('replyBytes'),
    connectErrors: sum('connectErrors'),
    readErrors: sum('readErrors'),
    writeErrors: sum('writeErrors'),
    timeouts: sum('timeouts'),
    refusals: sum('refusals'),
  };
}

function merged(all: readonly Latency[]): Whole<Latency> {
  const read = mergedHistogram(all.map(({ histogram }) => histogram));
  if (read.whole === null) return read;
  const { stored, percentiles } = read.whole;
  const max = extremeOf(all, 'max', Math.max);
  const halfRoundTripNs = {
    ...momentsOf(all),
    min: extremeOf(all, 'min', Math.min),
    max,
    ...atMost(max, percentiles),
  };
  const requests = requestsOf(all);
  return {
    whole: {
      protocol: commonOf(all, ({ protocol }) => protocol),
      mode: commonOf(all, ({ mode }) => mode),
      messages: sumOf(all, ({ messages }) => messages),
      sentMessages: sumOf(all, ({ sentMessages }) => sentMessages),
      receivedMessages: sumOf(all, ({ receivedMessages }) => receivedMessages),
      droppedMessages: sumOf(all, ({ droppedMessages }) => droppedMessages),
      duplicatedMessages: sumOf(all, ({ duplicatedMessages }) => duplicatedMessages),
      outOfOrderMessages: sumOf(all, ({ outOfOrderMessages }) => outOfOrderMessages),
      messageBytes: commonOf(all, ({ messageBytes }) => messageBytes),
      durationNs: null,
      ...(requests === null ? {} : { requests }),
      halfRoundTripNs,
      roundTripNs: wholeRoundTrips(halfRoundTripNs),
      spread: null,
      histogram: stored,
    },
  };
}

/** The distribution over the messages of all flows; none where a flow has no figure or no histogram: percentiles of parts say nothing of the whole. */
export function latencyOf(flows: readonly Reported[]): Whole<Latency> {
  const all = everyPart(flows, 'latency', ({ latency }) => latency);
  if (all.whole === null) return all;
  const [only, ...others] = all.whole;
  return only !== undefined && others.length === 0 ? { whole: only } : merged(all.whole);
}
