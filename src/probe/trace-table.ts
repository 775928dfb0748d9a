import type { CallKind } from '../record/probe-readings.ts';
import type { SystemCallCounts } from './system-call-counts.ts';

/** One line of the table of one thread's calls. */
export interface TraceRow {
  readonly tid: number;
  readonly thread: string;
  /** Name, and for ioctl and futex what was asked: `ioctl KVM_RUN`. */
  readonly call: string;
  readonly kind: CallKind;
  readonly count: number;
  readonly perSecond: number;
  /** Sum of the time in the call, ns; null unless timing was asked for. */
  readonly timeNs: number | null;
  /** Time of one call on average, ns; null unless timing was asked for. */
  readonly meanNs: number | null;
}

/** Rows for `tapbench trace`, of an interval or of the whole: the thread with most calls first, in it the most frequent call. */
export function traceRows(counts: SystemCallCounts): TraceRow[] {
  const seconds = counts.elapsedNs / 1e9;
  const threads = counts.threads.map((thread) => ({
    thread,
    total: thread.calls.reduce((sum, call) => sum + call.count, 0),
  }));
  return threads
    .toSorted((a, b) => b.total - a.total || a.thread.tid - b.thread.tid)
    .flatMap(({ thread }) =>
      thread.calls
        .toSorted((a, b) => b.count - a.count)
        .map(({ name, request, kind, count, timeNs }) => ({
          tid: thread.tid,
          thread: thread.name,
          call: request === null ? name : `${name} ${request}`,
          kind,
          count,
          perSecond: seconds > 0 ? count / seconds : 0,
          timeNs,
          meanNs: timeNs === null ? null : timeNs / count,
        })),
    );
}
