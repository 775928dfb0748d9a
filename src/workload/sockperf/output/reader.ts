import { ParseError } from '../../../record/error.ts';
import { wholeRoundTrips } from '../../../record/latency.ts';
import type { MeasuredLatency } from '../../measured-figures.ts';
import { halfRoundTripHistogram } from '../../output/latency-histogram.ts';
import {
  halfRoundTripDistribution,
  halfRoundTripSpread,
  type SortedRoundTrips,
} from '../../output/message-statistics.ts';
import type { OutputReader, RawOutput, ToolReading } from '../../workload.ts';
import { logOutput } from '../commands.ts';
import type { SockperfSpec } from '../record.ts';
import { readFullLog } from './log.ts';
import { messageRateReading } from './message-rate.ts';
import { fullLogName } from './row-scanner.ts';
import { readSockperfOutput, type SockperfSummary } from './summary.ts';

/** The log's times and the summary's are cut to whole ns in different places: src/client.cpp `dumpFullLog`, src/ticks.h `ticks2nsec`. */
const roundingNs = 3;

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

/** What was asked for: of messages that are answered. */
interface Answered extends Pick<SockperfSpec, 'protocol' | 'messageBytes'> {
  readonly mode: MeasuredLatency['mode'];
}

function latencyOf(spec: Answered, summary: SockperfSummary, roundTrips: SortedRoundTrips | null): MeasuredLatency {
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
    roundTripNs: wholeRoundTrips(summary.halfRoundTripNs),
    spread: roundTrips === null ? summary.spread : halfRoundTripSpread(roundTrips),
    histogram: roundTrips === null ? null : halfRoundTripHistogram(roundTrips),
  };
}

async function read(raw: RawOutput, spec: SockperfSpec): Promise<ToolReading> {
  const { mode, protocol, messageBytes } = spec;
  if (mode === 'throughput') return messageRateReading(raw, spec);
  const summary = readSockperfOutput(raw);
  const latency = latencyOf({ mode, protocol, messageBytes }, summary, await loggedRoundTrips(raw, summary));
  const { total } = summary;
  return {
    throughput: null,
    latency,
    // Of the whole window: warm-up and cool-down cost system calls too, though they are not in the figures.
    messages: total === null ? null : total.received,
    payloadBytes: total === null ? null : (total.sent + total.received) * spec.messageBytes,
  };
}

/** The figures are the tool's own text; spread and histogram come from its log of every message. */
export const sockperfReader: OutputReader<SockperfSpec> = { read };
