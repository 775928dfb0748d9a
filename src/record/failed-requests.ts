import type { Latency } from './latency.ts';

export interface FailedRequests {
  readonly failed: number;
  /** With those that did not fail. */
  readonly all: number;
}

/** How many requests failed, in whatever way; null where a request can't fail by itself, or it isn't said how many there were. */
export function failedRequests({ messages, requests }: Latency): FailedRequests | null {
  if (requests === undefined || messages === null) return null;
  const { connectErrors, readErrors, writeErrors, timeouts, refusals } = requests;
  const unanswered = connectErrors + readErrors + writeErrors + timeouts;
  return { failed: unanswered + refusals, all: unanswered + messages };
}
