import { z } from 'zod';
import { name, natural, positive } from '../../record/bounds.ts';

export const pingSpec = z.strictObject({
  /** Unique in the experiment. */
  name: name.min(1),
  kind: z.literal('ping'),
  durationNs: positive,
  /** Time from one request to the next (`-i`); 0: the next one follows the reply (`-A`). */
  intervalNs: natural,
  /** Payload of a request (`-s`). */
  messageBytes: natural.max(65_507),
});
export type PingSpec = z.infer<typeof pingSpec>;

const { shape } = pingSpec;

export const notedPing = z.strictObject({
  kind: shape.kind,
  name: shape.name,
  durationNs: shape.durationNs.nullable(),
  intervalNs: shape.intervalNs.nullable(),
  messageBytes: shape.messageBytes.nullable(),
});
export type NotedPing = z.infer<typeof notedPing>;
