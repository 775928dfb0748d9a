import { repeatedDuration, saidOr } from '../repeat.ts';
import type { Deed, Formats, PrintedFigures, PrintedText, Repeatable } from '../workload.ts';
import { type NotedSockperf, sockperfSpec } from './record.ts';
import { sockperfText } from './text.ts';

/** Where a note does not say: the default of a file. */
const usualMessageBytes = 64;
/** sockperf leaves out 400 ms of warm-up and 50 ms at the end (TEST_START_WARMUP_MSEC and TEST_END_COOLDOWN_MSEC of its defs.h). */
const leavesOutNs = 450_000_000;

export function asked({ durationNs }: NotedSockperf): { figuresNs: number; runNs: number } | null {
  return durationNs === null ? null : { figuresNs: Math.max(0, durationNs - leavesOutNs), runNs: durationNs };
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
  const pace = mode === 'under-load' ? ' at a given rate' : '';
  return {
    ofClient: ` sending small requests to a host${pace}`,
    ofServer: ` receiving small requests from a host${pace}`,
    alone: `small requests${pace}`,
  };
}

export function variant({ mode, protocol }: NotedSockperf): string {
  return [mode === 'under-load' ? 'under-load' : '', protocol === 'tcp' ? 'tcp' : ''].join(' ').trim();
}

export function printed({ latency }: PrintedFigures): PrintedText {
  return { lines: latency === null ? [] : sockperfText(latency), listed: [] };
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
