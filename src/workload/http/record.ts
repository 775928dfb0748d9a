import { z } from 'zod';
import { name, positive } from '../../record/bounds.ts';

export const httpSpec = z.strictObject({
  /** Unique in the experiment. */
  name: name.min(1),
  kind: z.literal('http'),
  durationNs: positive,
  /** Of the client, each with one request under way. */
  connections: positive,
  /** Whether a connection is kept for the next request; else each has a new one. */
  keepAlive: z.boolean(),
  /** Body of a reply. */
  responseBytes: positive,
  /** Of the client. */
  threads: positive,
  /** Processes of the server that answer. */
  workers: positive,
});
export type HttpSpec = z.infer<typeof httpSpec>;

const { shape } = httpSpec;

export const notedHttp = z.strictObject({
  kind: shape.kind,
  name: shape.name,
  durationNs: shape.durationNs.nullable(),
  connections: shape.connections.nullable(),
  keepAlive: shape.keepAlive.nullable(),
  responseBytes: shape.responseBytes.nullable(),
  threads: shape.threads.nullable(),
  workers: shape.workers.nullable(),
});
export type NotedHttp = z.infer<typeof notedHttp>;
