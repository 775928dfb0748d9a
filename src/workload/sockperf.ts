import { ParseError } from '../record/error.ts';
import type { SockperfSpec } from '../record/experiment.ts';
import type { StoredHistogram } from '../record/latency.ts';
import type { MeasuredDistribution, MeasuredLatency } from './measured-figures.ts';
import { halfRoundTripDistribution, halfRoundTripSpread, type SortedRoundTrips } from './message-statistics.ts';
import { readFullLog } from './sockperf-log.ts';
import { fullLogName } from './sockperf-row-scanner.ts';
import { readSockperfOutput, type SockperfSummary } from './sockperf-summary.ts';
import { wholeSeconds, wholeSecondsNs } from './whole-seconds.ts';
import type { ClientCommand, RawOutput, ServerCommand, ToolReading, Workload, WorkloadPlace } from './workload.ts';

/** sockperf's own default. */
const port = '11111';
/** Name under which `parse` knows the log of messages. */
const logOutput = 'full-log';
/** It sleeps 2 s before its first timed message (src/client.cpp, `sleep(2)`): they come before the traffic. */
const sleepsNs = 2e9;
/** The log's times and the summary's are cut to whole ns in different places: src/client.cpp `dumpFullLog`, src/ticks.h `ticks2nsec`. */
const roundingNs = 3;

function protocolArguments(spec: SockperfSpec): string[] {
  return spec.protocol === 'tcp' ? ['--tcp'] : [];
}

/** Not one-shot: whoever starts it stops it. */
function server(spec: SockperfSpec, place: WorkloadPlace): ServerCommand {
  return {
    argv: ['sockperf', 'server', '-i', place.serverAddress, '-p', port, ...protocolArguments(spec)],
    env: { HOME: '/tmp' },
    ready: { protocol: spec.protocol, port: Number(port) },
  };
}

/** Every message of under-load is answered too (sockperf's default is one in a hundred): a cost per round trip is then one of the messages sent. */
function modeArguments(spec: SockperfSpec): string[] {
  const pace = spec.messagesPerSecond === null ? [] : ['--mps', String(spec.messagesPerSecond)];
  return spec.mode === 'under-load' ? [...pace, '--reply-every', '1'] : pace;
}

function client(spec: SockperfSpec, place: WorkloadPlace): ClientCommand {
  const argv = ['sockperf', spec.mode, '-i', place.serverAddress, '-p', port, '-m', String(spec.messageBytes)];
  argv.push('-t', String(wholeSeconds(spec.durationNs)), ...modeArguments(spec), ...protocolArguments(spec));
  const env = { HOME: place.clientFolder };
  if (!place.keepsLog) return { argv, env, outputs: {} };
  const path = `${place.clientFolder}/sockperf.csv`;
  return { argv: [...argv, '--full-log', path], env, outputs: { [logOutput]: path } };
}

function doubled(half: MeasuredDistribution): MeasuredDistribution {
  return {
    mean: half.mean * 2,
    stddev: half.stddev * 2,
    min: half.min * 2,
    max: half.max * 2,
    p25: half.p25 * 2,
    p50: half.p50 * 2,
    p75: half.p75 * 2,
    p90: half.p90 * 2,
    p99: half.p99 * 2,
    p999: half.p999 * 2,
    p9999: half.p9999 * 2,
    p99999: half.p99999 * 2,
  };
}

/** A log that does not give the tool's own figures again is of another run, or read wrongly. */
function checkAgreement(roundTrips: SortedRoundTrips, { halfRoundTripNs: printed }: SockperfSummary): void {
  const logged = halfRoundTripDistribution(roundTrips);
  const pairs = Object.entries(logged).map(([name, value]) => ({
    name,
    value,
    text: new Map(Object.entries(printed)).get(name) ?? NaN,
  }));
  const different = pairs.find(({ value, text }) => !(Math.abs(value - text) <= roundingNs));
  if (different === undefined) return;
  const { name, value, text } = different;
  throw new ParseError({ file: fullLogName, path: name }, `${value} ns from the log, but sockperf printed ${text} ns`);
}

async function loggedRoundTrips(raw: RawOutput, summary: SockperfSummary): Promise<SortedRoundTrips | null> {
  const path = raw.files[logOutput];
  if (path === undefined) return null;
  const roundTrips = await readFullLog(path, summary.valid.received);
  checkAgreement(roundTrips, summary);
  return roundTrips;
}

/** A run has the library of histograms loaded while its guest boots, not before. */
async function histogramOf(roundTrips: SortedRoundTrips): Promise<StoredHistogram> {
  return (await import('./latency-histogram.ts')).halfRoundTripHistogram(roundTrips);
}

async function latencyOf(
  spec: SockperfSpec,
  summary: SockperfSummary,
  roundTrips: SortedRoundTrips | null,
): Promise<MeasuredLatency> {
  return {
    protocol: spec.protocol,
    mode: spec.mode,
    messages: summary.valid.received,
    sentMessages: summary.valid.sent,
    receivedMessages: summary.valid.received,
    droppedMessages: summary.dropped,
    duplicatedMessages: summary.duplicated,
    outOfOrderMessages: summary.outOfOrder,
    messageBytes: spec.messageBytes,
    durationNs: summary.valid.durationNs,
    halfRoundTripNs: summary.halfRoundTripNs,
    roundTripNs: doubled(summary.halfRoundTripNs),
    spread: roundTrips === null ? summary.spread : halfRoundTripSpread(roundTrips),
    histogram: roundTrips === null ? null : await histogramOf(roundTrips),
  };
}

async function parse(raw: RawOutput, spec: SockperfSpec): Promise<ToolReading> {
  const summary = readSockperfOutput(raw);
  const latency = await latencyOf(spec, summary, await loggedRoundTrips(raw, summary));
  const { total } = summary;
  return {
    throughput: null,
    latency,
    // Of the whole window: warm-up and cool-down cost system calls too, though they are not in the figures.
    messages: total === null ? null : total.received,
    payloadBytes: total === null ? null : (total.sent + total.received) * spec.messageBytes,
  };
}

/**
 * Request and response with sockperf 3.7 or later. The figures are the tool's own text; spread and histogram come from its log of every message.
 * It exits 0 on errors too, so that they are known by their words.
 */
export const sockperf: Workload<SockperfSpec> = {
  kind: 'sockperf',
  programs: ['sockperf'],
  server,
  client,
  silentNs: () => sleepsNs,
  trafficNs: (spec) => wholeSecondsNs(spec.durationNs),
  // Some 3 KB are usual.
  mostOutputBytes: () => 256 * 1024,
  parse,
};
