import { z } from 'zod';
import { closed, onOff, size, wholeSeconds, workloadName } from '../../written/value.ts';
import type { KeyMistake, WorkloadInFile } from '../workload.ts';
import { type HttpSpec, httpSpec } from './record.ts';

/**
 * A day, as for the other tools. A process has 1024 file descriptors by default (getrlimit(2), RLIMIT_NOFILE): one a connection, and a few of wrk's own for each
 * thread. A reply's body lies in the memory of a guest that serves it.
 */
const limits = { durationSeconds: 86_400, connections: 900, threads: 32, workers: 32, responseBytes: 16 * 1024 ** 2 };

const schema = closed({
  kind: httpSpec.shape.kind,
  name: workloadName.default('http'),
  duration: wholeSeconds(limits.durationSeconds).prefault('30s'),
  connections: z.int().min(1).max(limits.connections).default(16),
  keepAlive: onOff.prefault('on'),
  response: size
    .refine((bytes) => bytes >= 1 && bytes <= limits.responseBytes, 'must be 1B to 16M: a guest has it in its memory')
    .prefault('1K'),
  threads: z.int().min(1).max(limits.threads).default(1),
  workers: z.int().min(1).max(limits.workers).default(1),
});
export type HttpInFile = z.infer<typeof schema>;

function mistake({ threads, connections }: HttpInFile): KeyMistake | null {
  // wrk.c: thread->connections = cfg.connections / cfg.threads
  return connections % threads === 0
    ? null
    : { key: 'connections', message: `must be a multiple of the threads, ${String(threads)}: each has as many` };
}

/** What users write of requests over HTTP. */
export const httpInFile = {
  schema,
  keys: {
    kind: 'Requests over HTTP.',
    name: 'Unique in the file.',
    duration: 'Whole seconds.',
    connections: 'Of the client, each with one request under way.',
    keepAlive: 'on: a connection is kept for the next request; off: a new one each.',
    response: 'Body of a reply, such as 1K.',
    threads: 'Of the client.',
    workers: 'Processes of the server that answer.',
  },
  mistake,
  spec: (written) => ({
    name: written.name,
    durationNs: written.duration,
    kind: written.kind,
    connections: written.connections,
    keepAlive: written.keepAlive,
    responseBytes: written.response,
    threads: written.threads,
    workers: written.workers,
  }),
} satisfies WorkloadInFile<HttpInFile, HttpSpec>;
