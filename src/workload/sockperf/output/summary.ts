import { firstComplaint } from '../../../record/complaint.ts';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import type { LatencySpread } from '../../../record/latency.ts';
import { withoutTerminalCodes } from '../../../record/terminal-codes.ts';
import type { MeasuredDistribution } from '../../measured-figures.ts';
import type { RawOutput } from '../../workload.ts';

/** What the errors call the output. */
const file = 'sockperf';
const nsPerSecond = 1e9;
const nsPerMicrosecond = 1e3;
const roundingNs = 2;

/** What sockperf's client prints at its end. Times in ns. */
export interface SockperfSummary {
  /** Everything from start to end, warm-up and cool-down included; null where the line is missing (excerpts). */
  readonly total: { readonly sent: number; readonly received: number } | null;
  /** The stretch that the figures are made of. */
  readonly valid: { readonly durationNs: number; readonly sent: number; readonly received: number };
  readonly dropped: number;
  readonly duplicated: number;
  readonly outOfOrder: number;
  readonly halfRoundTripNs: MeasuredDistribution;
  /** null where sockperf is older than 3.8, which does not print it. */
  readonly spread: LatencySpread | null;
}

/** A number with three decimals, to its end: a truncated one does not pass. */
const decimal = String.raw`(\d+\.\d{3})(?!\d)`;
const whole = String.raw`(\d+)(?!\d)`;

const patterns = {
  total: new RegExp(String.raw`\[Total Run\] RunTime=[^\n]{0,100}?SentMessages=${whole}; ReceivedMessages=${whole}`),
  valid: new RegExp(
    String.raw`\[Valid Duration\] RunTime=${decimal} sec; SentMessages=${whole}; ReceivedMessages=${whole}`,
  ),
  average: new RegExp(String.raw`avg-latency=${decimal} \(std-dev=${decimal}`),
  spread: new RegExp(
    String.raw`mean-ad=${decimal}, median-ad=${decimal}, siqr=${decimal}, cv=${decimal}, std-error=${decimal}, ` +
      String.raw`99\.0% ci=\[(-?\d+\.\d{3}), ${decimal}\]`,
  ),
  losses: new RegExp(
    String.raw`# dropped messages = ${whole}; # duplicated messages = ${whole}; # out-of-order messages = ${whole}`,
  ),
  observations: new RegExp(String.raw`Total ${whole} observations`),
  maximum: new RegExp(String.raw`<MAX> observation = +${decimal}`),
  minimum: new RegExp(String.raw`<MIN> observation = +${decimal}`),
};

/** Lines with which sockperf says that it failed: it exits 0 all the same, and says it on stdout. Of src/client.cpp and src/sockperf.cpp. */
const failure =
  /ERROR: .*|No messages were received from the server.*|No valid observations found.*|Test end before test start.*|Invalid \S+ val.*|(?:in|un)valid option.*/i;

/** The numbers that the groups of `pattern` catch; `what` names the line in the error. */
function numbers(text: string, pattern: RegExp, what: string): readonly number[] {
  const match = pattern.exec(text);
  if (match === null) throw new ParseError({ file, path: what }, 'missing or truncated');
  return match.slice(1).map(Number);
}

function nanoseconds(microseconds: number | undefined): number {
  return Math.round((microseconds ?? 0) * nsPerMicrosecond);
}

function percentile(text: string, percent: string): number {
  const pattern = new RegExp(String.raw`percentile +${percent.replace('.', String.raw`\.`)} = +${decimal}`);
  return nanoseconds(numbers(text, pattern, `percentile ${percent}`)[0]);
}

function distribution(text: string): MeasuredDistribution {
  const [mean, stddev] = numbers(text, patterns.average, 'avg-latency');
  return {
    mean: nanoseconds(mean),
    stddev: nanoseconds(stddev),
    min: nanoseconds(numbers(text, patterns.minimum, '<MIN> observation')[0]),
    max: nanoseconds(numbers(text, patterns.maximum, '<MAX> observation')[0]),
    p25: percentile(text, '25.000'),
    p50: percentile(text, '50.000'),
    p75: percentile(text, '75.000'),
    p90: percentile(text, '90.000'),
    p99: percentile(text, '99.000'),
    p999: percentile(text, '99.900'),
    p9999: percentile(text, '99.990'),
    p99999: percentile(text, '99.999'),
  };
}

/** Text that was cut together from two outputs, or garbled, gives itself away here. */
function checkOrder(d: MeasuredDistribution): void {
  const rising = [d.min, d.p25, d.p50, d.p75, d.p90, d.p99, d.p999, d.p9999, d.p99999, d.max];
  if (rising.some((each, place) => each < (rising[place - 1] ?? 0))) {
    throw new ParseError({ file, path: 'percentiles' }, `they do not rise: ${rising.join(', ')} ns`);
  }
  // sockperf cuts the mean to whole ticks and ns.
  if (d.mean < d.min - roundingNs || d.mean > d.max + roundingNs) {
    throw new ParseError({ file, path: 'avg-latency' }, `${d.mean} ns is outside of ${d.min} to ${d.max} ns`);
  }
}

function spread(text: string): LatencySpread | null {
  if (!text.includes('mean-ad=')) return null;
  const [meanAd, medianAd, siqr, variation, error, low, high] = numbers(text, patterns.spread, 'mean-ad to ci');
  return {
    meanAbsoluteDeviationNs: nanoseconds(meanAd),
    medianAbsoluteDeviationNs: nanoseconds(medianAd),
    semiInterquartileRangeNs: nanoseconds(siqr),
    coefficientOfVariation: variation ?? 0,
    standardErrorNs: nanoseconds(error),
    confidence99Ns: { low: nanoseconds(low), high: nanoseconds(high) },
  };
}

/**
 * Reads sockperf's closing figures, of ping-pong and under-load alike, coloured or not.
 * @throws ParseError where a line is missing or truncated, or the lines contradict each other
 */
export function parseSockperfSummary(output: string): SockperfSummary {
  const text = withoutTerminalCodes(output);
  const [validSeconds = 0, sent = 0, received = 0] = numbers(text, patterns.valid, '[Valid Duration]');
  const [dropped = 0, duplicated = 0, outOfOrder = 0] = numbers(text, patterns.losses, '# dropped messages');
  const [observations = 0] = numbers(text, patterns.observations, 'Total observations');
  if (observations !== received) {
    throw new ParseError(
      { file, path: 'Total observations' },
      `${observations}, but ${received} messages were received`,
    );
  }
  const halfRoundTripNs = distribution(text);
  checkOrder(halfRoundTripNs);
  const [totalSent, totalReceived] = patterns.total.exec(text)?.slice(1).map(Number) ?? [];
  return {
    total: totalSent === undefined || totalReceived === undefined ? null : { sent: totalSent, received: totalReceived },
    valid: { durationNs: Math.round(validSeconds * nsPerSecond), sent, received },
    dropped,
    duplicated,
    outOfOrder,
    halfRoundTripNs,
    spread: spread(text),
  };
}

/**
 * The text of a client that ended well, without its colours.
 * @throws TapbenchError `TOOL_FAILED` where sockperf says that it failed, or its exit status is not 0
 * @throws ParseError where its output is empty
 */
export function wellEndedText(raw: RawOutput): string {
  const text = withoutTerminalCodes(`${raw.stdout}\n${raw.stderr}`);
  const said = failure.exec(text)?.[0];
  if (said !== undefined || raw.exitStatus !== 0) {
    const status = raw.exitStatus === null ? 'ended by a signal' : `exit status ${raw.exitStatus}`;
    const words = said ?? firstComplaint(text) ?? 'it said nothing';
    throw new TapbenchError('TOOL_FAILED', `sockperf failed (${status}): ${words}`, {
      hint: 'The raw output of client and server is kept beside the trial.',
    });
  }
  if (raw.stdout.trim() === '') throw new ParseError({ file, path: 'line 1' }, 'the output is empty');
  return withoutTerminalCodes(raw.stdout);
}

/**
 * The closing figures of a client that ended well.
 * @throws TapbenchError `TOOL_FAILED` where sockperf says that it failed, or its exit status is not 0
 * @throws ParseError where its output is empty, truncated or garbled
 */
export function readSockperfOutput(raw: RawOutput): SockperfSummary {
  return parseSockperfSummary(wellEndedText(raw));
}
