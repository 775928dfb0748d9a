import { wholeRoundTrips } from '../../../record/latency.ts';
import type { MeasuredLatency } from '../../measured-figures.ts';
import { halfRoundTripHistogram } from '../../output/latency-histogram.ts';
import {
  halfRoundTripDistribution,
  halfRoundTripSpread,
  type SortedRoundTrips,
} from '../../output/message-statistics.ts';
import type { OutputReader, RawOutput, ToolReading } from '../../workload.ts';
import { replyOutput } from '../commands.ts';
import type { PingSpec } from '../record.ts';
import { demandReplies, type PingSummary, readReplies } from './replies.ts';

function latencyOf(spec: PingSpec, summary: PingSummary, roundTrips: SortedRoundTrips): MeasuredLatency {
  const halfRoundTripNs = halfRoundTripDistribution(roundTrips);
  return {
    protocol: 'icmp',
    mode: 'echo',
    messages: summary.received,
    sentMessages: summary.sent,
    receivedMessages: summary.received,
    droppedMessages: Math.max(0, summary.sent - summary.received),
    duplicatedMessages: summary.duplicates,
    outOfOrderMessages: summary.outOfOrder,
    messageBytes: spec.messageBytes,
    durationNs: summary.durationNs,
    halfRoundTripNs,
    roundTripNs: wholeRoundTrips(halfRoundTripNs),
    spread: halfRoundTripSpread(roundTrips),
    histogram: halfRoundTripHistogram(roundTrips),
  };
}

async function read(raw: RawOutput, spec: PingSpec): Promise<ToolReading> {
  demandReplies(raw);
  const { summary, roundTrips } = await readReplies(raw.files[replyOutput] ?? '');
  return {
    throughput: null,
    latency: latencyOf(spec, summary, roundTrips),
    messages: summary.received,
    payloadBytes: (summary.sent + summary.received) * spec.messageBytes,
  };
}

/** Figures of every reply, whole microseconds as ping prints them below a millisecond; what it sums up itself must agree with them. */
export const pingReader: OutputReader<PingSpec> = { read };
