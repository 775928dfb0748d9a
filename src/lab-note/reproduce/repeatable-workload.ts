import type { RecordedWorkload } from '../../record/recorded-experiment.ts';

/** A workload as an experiment's file has it, or why it can't be done again. */
export type Repeatable =
  | { readonly fields: Readonly<Record<string, string | number>>; readonly assumed: readonly string[] }
  | { readonly impossible: string };

const secondNs = 1e9;
/** Where a note does not say: tapbench's own defaults. */
const usual = { seconds: 30, streams: 4, messageBytes: 64 };
/** The least payload that sockperf takes, and the largest of a datagram. */
const messageLimits = { least: 14, most: 65_507 };

function seconds(durationNs: number | null, assumed: string[]): string {
  if (durationNs === null) {
    assumed.push(`${String(usual.seconds)} s, as the note does not say for how long`);
    return `${String(usual.seconds)}s`;
  }
  const whole = Math.max(1, Math.round(durationNs / secondNs));
  if (whole * secondNs !== durationNs) assumed.push(`${String(whole)} s, as the tools take whole seconds only`);
  return `${String(whole)}s`;
}

function saidOr<T>(value: T | null, fallback: T, said: { assumed: string[]; what: string }): T {
  if (value === null) said.assumed.push(said.what);
  return value ?? fallback;
}

type Bulk = Extract<RecordedWorkload, { kind: 'iperf' | 'iperf3' }>;

function bulk(spec: Bulk): Repeatable {
  if (spec.kind === 'iperf') return { impossible: 'iperf 2 is not supported' };
  if (spec.direction === 'both') return { impossible: 'both directions at once (--bidir) is not supported' };
  const assumed: string[] = [];
  const protocol = saidOr(spec.protocol, 'tcp', { assumed, what: 'TCP, as the note does not say' });
  const noStreams = `${String(usual.streams)} streams, as the note does not say how many`;
  const fields: Record<string, string | number> = {
    kind: 'iperf3',
    duration: seconds(spec.durationNs, assumed),
    protocol,
    streams: saidOr(spec.streams, usual.streams, { assumed, what: noStreams }),
    direction: saidOr(spec.direction, 'upload', { assumed, what: 'the client sends, as the note does not say' }),
  };
  if (spec.omitNs !== null && spec.omitNs >= secondNs)
    fields['omit'] = `${String(Math.round(spec.omitNs / secondNs))}s`;
  if (spec.targetBitsPerSecond !== null && protocol !== 'tcp')
    fields['rate'] = `${String(spec.targetBitsPerSecond)}bit/s`;
  if (spec.bufferBytes !== null) fields['buffer'] = `${String(spec.bufferBytes)}B`;
  return { fields, assumed };
}

type Requests = Extract<RecordedWorkload, { kind: 'sockperf' }>;

function requests(spec: Requests): Repeatable {
  const assumed: string[] = [];
  const { messageBytes } = spec;
  if (spec.mode === 'playback') return { impossible: 'playback is not supported' };
  if (messageBytes !== null && (messageBytes < messageLimits.least || messageBytes > messageLimits.most))
    return { impossible: `messages of ${String(messageBytes)} bytes are not supported` };
  const mode = saidOr(spec.mode, 'ping-pong', { assumed, what: 'ping-pong, as the note does not say' });
  const noSize = `${String(usual.messageBytes)} bytes a message, as the note does not say`;
  const fields: Record<string, string | number> = {
    kind: 'sockperf',
    duration: seconds(spec.durationNs, assumed),
    mode,
    protocol: saidOr(spec.protocol, 'udp', { assumed, what: 'UDP, as the note does not say' }),
    messageBytes: saidOr(messageBytes, usual.messageBytes, { assumed, what: noSize }),
  };
  if (spec.messagesPerSecond !== null && mode !== 'ping-pong') fields['messagesPerSecond'] = spec.messagesPerSecond;
  return { fields, assumed };
}

/** What a note's workload is in an experiment, with what had to be assumed as the note does not say it. */
export function repeatableWorkload(spec: RecordedWorkload): Repeatable {
  if (spec.kind === 'unknown') return { impossible: 'the note does not say what ran while the calls were counted' };
  return spec.kind === 'sockperf' ? requests(spec) : bulk(spec);
}
