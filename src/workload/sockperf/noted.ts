import { repeatedDuration, saidOr } from '../repeat.ts';
import type {
  AskedTimes,
  Deed,
  FigureName,
  Formats,
  PrintedFigures,
  PrintedText,
  Repeatable,
  Requests,
  Transfer,
} from '../workload.ts';
import { type NotedSockperf, sleepsNs, sockperfSpec } from './record.ts';
import { messageRateText, sockperfText } from './text.ts';

/** Where a note does not say: the default of a file. */
const usualMessageBytes = 64;
/** sockperf leaves out 400 ms of warm-up and 50 ms at the end (TEST_START_WARMUP_MSEC and TEST_END_COOLDOWN_MSEC of its defs.h). */
const leavesOutNs = 450_000_000;

/** Messages one way are a transfer, as a stream of them. */
function isOneWay({ mode }: NotedSockperf): boolean {
  return mode === 'throughput';
}

export function figures(spec: NotedSockperf): readonly FigureName[] {
  return [isOneWay(spec) ? 'throughput' : 'latency'];
}

export function transfer(spec: NotedSockperf): Transfer | null {
  const { durationNs, protocol, messageBytes } = spec;
  if (!isOneWay(spec)) return null;
  return { durationNs, protocol, streams: 1, direction: 'upload', omitNs: 0, bufferBytes: messageBytes };
}

export function requests({ mode, protocol, messageBytes }: NotedSockperf): Requests | null {
  return mode === 'throughput' ? null : { protocol, mode, messageBytes };
}

export function asked(spec: NotedSockperf): AskedTimes | null {
  const { durationNs } = spec;
  if (durationNs === null) return null;
  return {
    figuresNs: isOneWay(spec) ? durationNs : Math.max(0, durationNs - leavesOutNs),
    runNs: durationNs,
    pauseNs: sleepsNs,
  };
}

export function settings(spec: NotedSockperf, { span }: Formats): string[] {
  const { protocol, mode, messageBytes, messagesPerSecond, durationNs } = spec;
  return [
    protocol,
    mode,
    messageBytes === null ? null : `${String(messageBytes)} B`,
    messagesPerSecond === null ? null : `${String(messagesPerSecond)} messages/s`,
    durationNs === null ? null : span(durationNs),
  ].filter((text) => text !== null);
}

export function deed({ mode }: NotedSockperf): Deed {
  if (mode === 'throughput') {
    return {
      ofClient: ' sending small messages to a host',
      ofServer: ' receiving small messages from a host',
      alone: 'small messages one way',
    };
  }
  const pace = mode === 'under-load' ? ' at a given rate' : '';
  return {
    ofClient: ` sending small requests to a host${pace}`,
    ofServer: ` receiving small requests from a host${pace}`,
    alone: `small requests${pace}`,
  };
}

export function remark(spec: NotedSockperf): string | null {
  return isOneWay(spec) ? null : "sockperf's figure is half a round trip";
}

export function variant({ mode, protocol }: NotedSockperf): string {
  const way = { 'under-load': 'under-load', throughput: 'throughput', 'ping-pong': '', playback: '' }[
    mode ?? 'ping-pong'
  ];
  return [way, protocol === 'tcp' ? 'tcp' : ''].join(' ').trim();
}

export function printed({ latency, throughput }: PrintedFigures): PrintedText {
  if (latency !== null) return { lines: sockperfText(latency), listed: [] };
  return { lines: throughput === null ? [] : messageRateText(throughput), listed: [] };
}

export function repeatable(spec: NotedSockperf): Repeatable {
  const assumed: string[] = [];
  const { messageBytes } = spec;
  if (spec.mode === 'playback') return { impossible: 'playback is not supported' };
  if (messageBytes !== null && !sockperfSpec.shape.messageBytes.safeParse(messageBytes).success)
    return { impossible: `messages of ${String(messageBytes)} bytes are not supported` };
  const mode = saidOr(spec.mode, 'ping-pong', { assumed, what: 'ping-pong, as the note does not say' });
  const noSize = `${String(usualMessageBytes)} bytes a message, as the note does not say`;
  const fields: Record<string, string | number> = {
    kind: 'sockperf',
    duration: repeatedDuration(spec.durationNs, assumed),
    mode,
    protocol: saidOr(spec.protocol, 'udp', { assumed, what: 'UDP, as the note does not say' }),
    messageBytes: saidOr(messageBytes, usualMessageBytes, { assumed, what: noSize }),
  };
  if (spec.messagesPerSecond !== null && mode !== 'ping-pong') fields['messagesPerSecond'] = spec.messagesPerSecond;
  return { fields, assumed };
}
