import { z } from 'zod';
import { integer, name, positive } from '../../record/bounds.ts';

export const sockperfSpec = z.strictObject({
  /** Unique in the experiment. */
  name: name.min(1),
  kind: z.literal('sockperf'),
  durationNs: positive,
  /** `throughput`: messages one way, none answered. */
  mode: z.enum(['ping-pong', 'under-load', 'throughput']),
  protocol: z.enum(['tcp', 'udp']),
  messageBytes: integer.min(14).max(65_507),
  /** Target messages per second; null: ping-pong's own pace, the tool's default under load, and as fast as it goes for throughput. */
  messagesPerSecond: positive.nullable(),
});
export type SockperfSpec = z.infer<typeof sockperfSpec>;

const { shape } = sockperfSpec;

export const notedSockperf = z.strictObject({
  kind: shape.kind,
  name: shape.name,
  durationNs: shape.durationNs.nullable(),
  /** `playback`: which only lab notes have. */
  mode: z.enum([...shape.mode.options, 'playback']).nullable(),
  protocol: shape.protocol.nullable(),
  messageBytes: shape.messageBytes.nullable(),
  messagesPerSecond: shape.messagesPerSecond,
});
export type NotedSockperf = z.infer<typeof notedSockperf>;

/** It sleeps 2 s before its first timed message (src/client.cpp, `sleep(2)`): they come before the traffic. */
export const sleepsNs = 2e9;
