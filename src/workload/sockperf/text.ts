import type { Latency } from '../../record/latency.ts';
import type { Throughput } from '../../record/throughput.ts';

/** Microseconds with the three decimals that sockperf prints: whole nanoseconds. */
function microseconds(ns: number): string {
  return (ns / 1e3).toFixed(3);
}

/** `name=value` for what is known. */
function fields(
  named: readonly (readonly [label: string, value: number | null])[],
  text: (value: number) => string,
): string[] {
  return named.flatMap(([label, value]) => (value === null ? [] : [`${label}=${text(value)}`]));
}

function spreadText({ halfRoundTripNs, spread }: Latency): string {
  const deviation = fields([['std-dev', halfRoundTripNs.stddev]], microseconds);
  if (spread === null) return deviation.join(', ');
  const { low, high } = spread.confidence99Ns;
  return [
    ...deviation,
    `mean-ad=${microseconds(spread.meanAbsoluteDeviationNs)}`,
    `median-ad=${microseconds(spread.medianAbsoluteDeviationNs)}`,
    `siqr=${microseconds(spread.semiInterquartileRangeNs)}`,
    `cv=${spread.coefficientOfVariation.toFixed(3)}`,
    `std-error=${microseconds(spread.standardErrorNs)}`,
    `99.0% ci=[${microseconds(low)}, ${microseconds(high)}]`,
  ].join(', ');
}

/** A line of which sockperf prints all or nothing. */
function validLine({ durationNs, sentMessages, receivedMessages }: Latency): string[] {
  if (durationNs === null || sentMessages === null || receivedMessages === null) return [];
  const seconds = (durationNs / 1e9).toFixed(3);
  const counts = `SentMessages=${String(sentMessages)}; ReceivedMessages=${String(receivedMessages)}`;
  return [`[Valid Duration] RunTime=${seconds} sec; ${counts}`];
}

function lossLine({ droppedMessages, duplicatedMessages, outOfOrderMessages }: Latency): string[] {
  if (droppedMessages === null || duplicatedMessages === null || outOfOrderMessages === null) return [];
  const [dropped, duplicated, late] = [droppedMessages, duplicatedMessages, outOfOrderMessages].map(String);
  return [`# dropped messages = ${dropped}; # duplicated messages = ${duplicated}; # out-of-order messages = ${late}`];
}

function meanLines(latency: Latency): string[] {
  const { mean } = latency.halfRoundTripNs;
  const spread = spreadText(latency);
  if (mean === null) return [];
  return [`====> avg-latency=${microseconds(mean)}${spread === '' ? '' : ` (${spread})`}`];
}

/** The end of sockperf's text output, as its newer versions print it (the spread figures are computed from the log). Half round trips, in usec. What a lab note does not say is left out. */
export function sockperfText(latency: Latency): string[] {
  const { halfRoundTripNs: half, messages } = latency;
  const percentiles: readonly (readonly [label: string, ns: number | null])[] = [
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
  return [
    '========= Printing statistics for Server No: 0',
    ...validLine(latency),
    ...meanLines(latency),
    ...lossLine(latency),
    ...(half.mean === null ? [] : [`Summary: Latency is ${microseconds(half.mean)} usec`]),
    ...(messages === null
      ? []
      : [
          `Total ${String(messages)} observations; each percentile contains ${(messages / 100).toFixed(2)} observations`,
        ]),
    ...percentiles.flatMap(([label, ns]) => (ns === null ? [] : [`---> ${label} = ${microseconds(ns).padStart(8)}`])),
  ].map((text) => `sockperf: ${text}`);
}

/** What the two ends of a throughput run print: what was sent, its rate, and how many arrived. */
export function messageRateText({ datagrams, durationNs, sentBytes }: Throughput): string[] {
  const { sent = null, lost = null } = datagrams ?? {};
  if (sent === null || durationNs === null) return [];
  const seconds = durationNs / 1e9;
  const bytesPerSecond = (sentBytes ?? 0) / seconds;
  const rates = [(bytesPerSecond / 1024 ** 2).toFixed(3), ((bytesPerSecond * 8) / 1024 ** 2).toFixed(3)];
  return [
    `Total of ${String(sent)} messages sent in ${seconds.toFixed(3)} sec`,
    `Summary: Message Rate is ${String(Math.floor(sent / seconds))} [msg/sec]`,
    ...(sentBytes === null ? [] : [`Summary: BandWidth is ${rates[0] ?? ''} MBps (${rates[1] ?? ''} Mbps)`]),
    ...(lost === null ? [] : [`Total ${String(sent - lost)} messages received and handled`]),
  ].map((text) => `sockperf: ${text}`);
}
