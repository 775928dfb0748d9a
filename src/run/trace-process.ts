import { setTimeout as after } from 'node:timers';
import { attachDeadlineMs } from '../host/attach-deadline.ts';
import { monotonicNs } from '../lab/clock.ts';
import type { SystemCallCounts } from '../probe/system-calls/counts.ts';
import { SystemCallTracer } from '../probe/system-calls/system-calls.ts';

export interface TraceRequest {
  readonly pid: number;
  readonly isTimed: boolean;
  /** End by itself after this, ns; null: only when aborted or when the process ends. */
  readonly durationNs: number | null;
  /** Give a table this often, ns; null: the total only. */
  readonly intervalNs: number | null;
  readonly signal: AbortSignal;
  readonly onAttached: () => void;
  readonly onInterval: (counts: SystemCallCounts) => Promise<void>;
}

/** Waits until a time of CLOCK_MONOTONIC, or an abort: the pause between two tables. */
async function until(atNs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = after(done, Math.max(0, (atNs - monotonicNs()) / 1e6));
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** A tracer that is attached, and from now on ends only as we wish: an abort while it attaches kills it. */
async function attached({ pid, isTimed, signal }: TraceRequest): Promise<SystemCallTracer> {
  const attaching = new AbortController();
  const give = (): void => {
    attaching.abort();
  };
  signal.addEventListener('abort', give);
  if (signal.aborted) give();
  try {
    return await SystemCallTracer.start({
      pids: [pid],
      isTimed,
      deadlineMs: attachDeadlineMs(),
      killedBy: attaching.signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', give);
  }
}

/**
 * Counts the system calls of any process, from when the tracer is attached to the end; the total. Whether this host can trace was asked before.
 * @throws TapbenchError `PROBE_FAILED` where the tracer does not attach to it; the reason of `signal` before it is attached
 */
export async function traceProcess(request: TraceRequest): Promise<SystemCallCounts> {
  const { durationNs, intervalNs, signal } = request;
  await using tracer = await attached(request);
  request.onAttached();
  const first = await tracer.snapshot();
  const endNs = durationNs === null ? Number.POSITIVE_INFINITY : first.atNs + durationNs;
  const isAborted = (): boolean => signal.aborted;
  let last = first;
  for (let tick = 1; !isAborted() && monotonicNs() < endNs; tick++) {
    const nextNs = intervalNs === null ? endNs : Math.min(endNs, first.atNs + tick * intervalNs);
    // setTimeout takes 31 bits of ms: a longer pause is made of shorter ones.
    while (monotonicNs() < nextNs && !isAborted()) await until(Math.min(nextNs, monotonicNs() + 1e12), signal);
    const now = await tracer.snapshot();
    if (intervalNs !== null) await request.onInterval(tracer.difference(last, now));
    last = now;
  }
  return tracer.difference(first, await tracer.snapshot());
}
