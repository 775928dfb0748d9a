import type { Figure } from '../figure.ts';
import type { LatencyFigures } from '../reading.ts';
import { middle, overlap, quotientOf, type Range, rangeOf, scaled } from './rounded-range.ts';
import type { SumFinding } from './sum-finding.ts';

interface Claim {
  readonly what: string;
  readonly level: SumFinding['level'];
}

function checked(figure: Figure | null, range: Range | null, { what, level }: Claim): SumFinding[] {
  if (figure === null || range === null || overlap(rangeOf(figure), range)) return [];
  return [{ line: figure.line, message: `${what} ${middle(range)}, not ${figure.text}`, level }];
}

function countSums({ observations, perPercentile, valid, dropped }: LatencyFigures): SumFinding[] {
  const found: SumFinding[] = [];
  if (observations !== null) {
    const share = scaled(rangeOf(observations), 1 / 100);
    found.push(...checked(perPercentile, share, { what: 'each percentile contains', level: 'doubt' }));
    const received = valid === null ? null : rangeOf(valid.received);
    found.push(
      ...checked(observations, received, { what: 'the observations are the messages received,', level: 'doubt' }),
    );
  }
  if (valid !== null && valid.received.value > valid.sent.value) {
    const message = `${valid.received.text} messages were received, and only ${valid.sent.text} sent`;
    found.push({ line: valid.received.line, message, level: 'void' });
  } else if (valid !== null && dropped !== null && dropped.value > valid.sent.value - valid.received.value) {
    const missing = String(valid.sent.value - valid.received.value);
    const message = `${dropped.text} messages were dropped, and ${missing} are missing`;
    found.push({ line: dropped.line, message, level: 'doubt' });
  }
  return found;
}

/** stddev / mean, stddev / sqrt(n), and an interval around the mean. Source: sockperf's statistics of 3.8 and later. */
function spreadSums({ spread, meanNs, stddevNs, observations }: LatencyFigures): SumFinding[] {
  if (spread === null || meanNs === null || stddevNs === null) return [];
  const deviation = rangeOf(stddevNs);
  const found = checked(spread.coefficientOfVariation, quotientOf(deviation, rangeOf(meanNs)), {
    what: 'std-dev / mean is',
    level: 'doubt',
  });
  if (observations !== null && observations.value > 0) {
    const error = scaled(deviation, 1 / Math.sqrt(observations.value));
    found.push(
      ...checked(spread.standardErrorNs, error, { what: 'std-dev / sqrt(observations) in ns is', level: 'doubt' }),
    );
  }
  const [low, high] = [rangeOf(spread.confidenceLowNs), rangeOf(spread.confidenceHighNs)];
  const center = { low: (low.low + high.low) / 2, high: (low.high + high.high) / 2 };
  found.push(...checked(meanNs, center, { what: 'the middle of the interval in ns is', level: 'doubt' }));
  return found;
}

/** What in an output of sockperf does not add up. */
export function sockperfSums(value: LatencyFigures): SumFinding[] {
  const { meanNs, summaryNs } = value;
  const mean =
    meanNs === null
      ? []
      : checked(summaryNs, rangeOf(meanNs), { what: 'the summary repeats the mean, in ns', level: 'void' });
  return [...mean, ...countSums(value), ...spreadSums(value)];
}
