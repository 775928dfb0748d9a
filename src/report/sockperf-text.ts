import type { Latency } from '../record/latency.ts';

/** Microseconds with the three decimals that sockperf prints: whole nanoseconds. */
function microseconds(ns: number): string {
  return (ns / 1e3).toFixed(3);
}

function spreadText({ halfRoundTripNs, spread }: Latency): string {
  const deviation = `std-dev=${microseconds(halfRoundTripNs.stddev)}`;
  if (spread === null) return deviation;
  const { low, high } = spread.confidence99Ns;
  return [
    deviation,
    `mean-ad=${microseconds(spread.meanAbsoluteDeviationNs)}`,
    `median-ad=${microseconds(spread.medianAbsoluteDeviationNs)}`,
    `siqr=${microseconds(spread.semiInterquartileRangeNs)}`,
    `cv=${spread.coefficientOfVariation.toFixed(3)}`,
    `std-error=${microseconds(spread.standardErrorNs)}`,
    `99.0% ci=[${microseconds(low)}, ${microseconds(high)}]`,
  ].join(', ');
}

/** The end of sockperf's text output, as its newer versions print it (the spread figures are computed from the log). Half round trips, in usec. */
export function sockperfText(latency: Latency): string[] {
  const { halfRoundTripNs: half, messages } = latency;
  const percentiles: readonly (readonly [label: string, ns: number])[] = [
    ['<MAX> observation', half.max],
    ['percentile 99.999', half.p99999],
    ['percentile 99.990', half.p9999],
    ['percentile 99.900', half.p999],
    ['percentile 99.000', half.p99],
    ['percentile 90.000', half.p90],
    ['percentile 75.000', half.p75],
    ['percentile 50.000', half.p50],
    ['percentile 25.000', half.p25],
    ['<MIN> observation', half.min],
  ];
  const counts = `SentMessages=${String(latency.sentMessages)}; ReceivedMessages=${String(latency.receivedMessages)}`;
  return [
    '========= Printing statistics for Server No: 0',
    `[Valid Duration] RunTime=${(latency.durationNs / 1e9).toFixed(3)} sec; ${counts}`,
    `====> avg-latency=${microseconds(half.mean)} (${spreadText(latency)})`,
    `# dropped messages = ${String(latency.droppedMessages)}; # duplicated messages = ${String(latency.duplicatedMessages)}; # out-of-order messages = ${String(latency.outOfOrderMessages)}`,
    `Summary: Latency is ${microseconds(half.mean)} usec`,
    `Total ${String(messages)} observations; each percentile contains ${(messages / 100).toFixed(2)} observations`,
    ...percentiles.map(([label, ns]) => `---> ${label} = ${microseconds(ns).padStart(8)}`),
  ].map((text) => `sockperf: ${text}`);
}
