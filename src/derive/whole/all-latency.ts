import type { Latency, LatencyDistribution } from '../../record/latency.ts';
import { type Whole, whyAbsent } from './absence.ts';
import { mergedHistogram } from './merged-histogram.ts';
import { commonOf, sumOf } from './sum.ts';

interface Reported {
  readonly name: string;
  readonly latency: Latency | null;
  readonly notMeasured?: Readonly<Record<string, string | undefined>>;
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
  const values = all.map(({ halfRoundTripNs }) => halfRoundTripNs[of]).filter((value) => value !== null);
  return values.length < all.length ? null : pick(...values);
}

function doubled(half: LatencyDistribution): LatencyDistribution {
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

function merged(all: readonly Latency[]): Whole<Latency> {
  const read = mergedHistogram(all.map(({ histogram }) => histogram));
  if (read.whole === null) return read;
  const { stored, percentiles } = read.whole;
  const halfRoundTripNs = {
    ...momentsOf(all),
    min: extremeOf(all, 'min', Math.min),
    max: extremeOf(all, 'max', Math.max),
    ...percentiles,
  };
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
      halfRoundTripNs,
      roundTripNs: doubled(halfRoundTripNs),
      spread: null,
      histogram: stored,
    },
  };
}

/** The distribution over the messages of all flows; none where a flow has no figure or no histogram: percentiles of parts say nothing of the whole. */
export function latencyOf(flows: readonly Reported[]): Whole<Latency> {
  const all = flows.map(({ latency }) => latency).filter((one) => one !== null);
  const [only] = all;
  if (only === undefined || all.length < flows.length) {
    const lacking = flows.filter(({ latency }) => latency === null);
    return { whole: null, why: whyAbsent(lacking, 'latency') };
  }
  return flows.length === 1 ? { whole: only } : merged(all);
}
