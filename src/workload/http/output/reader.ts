import { ParseError } from '../../../record/error.ts';
import { type RequestOutcomes, wholeRoundTrips } from '../../../record/latency.ts';
import type { MeasuredLatency } from '../../measured-figures.ts';
import { type CountedHalf, histogramOf } from '../../output/latency-histogram.ts';
import type { OutputReader, RawOutput, ToolReading } from '../../workload.ts';
import type { HttpSpec } from '../record.ts';
import { outputName, readWrkFigures, type WrkFigures } from './figures.ts';
import { type CountedTime, countOf, halfDistribution, halfNs, sumOf } from './times.ts';

/** Requests of all connections can't take longer than the run; its clock is read by several threads, one after the other. */
const clockShare = 0.01;

function refuse(path: string, message: string): never {
  throw new ParseError({ file: outputName, path }, message);
}

function timesOf({ times, requests, timeout, status }: WrkFigures): CountedTime[] {
  if (status > requests) refuse('status', `${String(status)} of ${String(requests)} requests failed`);
  if (times.length % 2 !== 0) refuse('times', 'the last has no count');
  const read: CountedTime[] = [];
  for (let at = 0; at < times.length; at += 2) {
    const [further = 0, count = 0] = times.slice(at, at + 2);
    if (further === 0 && read.length > 0) refuse('times', 'one is there twice');
    read.push({ us: (read.at(-1)?.us ?? 0) + further, count });
  }
  const answered = requests - timeout;
  if (countOf(read) !== answered) {
    refuse('times', `of ${String(countOf(read))} requests, but ${String(answered)} were answered in time`);
  }
  return read;
}

/** A connection has one request under way at a time. */
function checkTime(times: readonly CountedTime[], { us }: WrkFigures, { connections }: HttpSpec): void {
  const busy = sumOf(times);
  if (busy <= connections * us * (1 + clockShare)) return;
  const had = `${String(connections)} connections in ${String(us)} us`;
  refuse('times', `${String(busy)} us of requests are more than ${had} have time for`);
}

function outcomesOf({ requests, us, bytes, connect, read, write, timeout, status }: WrkFigures): RequestOutcomes {
  return {
    perSecond: requests / (us / 1e6),
    replyBytes: bytes,
    connectErrors: connect,
    readErrors: read,
    writeErrors: write,
    timeouts: timeout,
    refusals: status,
  };
}

function latencyOf(figures: WrkFigures, spec: HttpSpec): MeasuredLatency {
  const times = timesOf(figures);
  checkTime(times, figures, spec);
  const halfRoundTripNs = halfDistribution(times);
  return {
    protocol: 'tcp',
    mode: 'closed-loop',
    messages: figures.requests - figures.timeout,
    sentMessages: figures.requests + figures.read + figures.write,
    receivedMessages: figures.requests,
    // TCP loses, doubles and disorders none; what failed stands in `requests`.
    droppedMessages: 0,
    duplicatedMessages: 0,
    outOfOrderMessages: 0,
    messageBytes: spec.responseBytes,
    durationNs: figures.us * 1e3,
    requests: outcomesOf(figures),
    halfRoundTripNs,
    roundTripNs: wholeRoundTrips(halfRoundTripNs),
    spread: null,
    histogram: histogramOf(times.map(({ us, count }): CountedHalf => [halfNs(us), count])),
  };
}

function read(raw: RawOutput, spec: HttpSpec): ToolReading {
  const figures = readWrkFigures(raw);
  return {
    throughput: null,
    latency: latencyOf(figures, spec),
    messages: figures.requests,
    payloadBytes: figures.bytes + figures.requests * figures.requestBytes,
  };
}

/** Whole us of every request that was sent, as wrk counted them. */
export const httpReader: OutputReader<HttpSpec> = {
  read: (raw, spec) => Promise.resolve().then(() => read(raw, spec)),
};
