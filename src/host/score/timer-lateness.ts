import { monotonicNs } from '../../lab/clock.ts';

/** How late timers of 1 ms were, ns. */
export interface TimerLateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const sleepMs = 1;

/**
 * Sleeps of 1 ms, one after another, for about this long; the event loop stands still meanwhile. Gives how much later than 1 ms each
 * ended, ns: the kernel's slack for timers (50 us by default, PR_SET_TIMERSLACK(2const)), the CPU's way out of its idle state, the wait for a
 * CPU that is free, steal, and a few microseconds of Node's own.
 */
export function lateSleeps(durationMs: number): number[] {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const lateNs: number[] = [];
  const end = monotonicNs() + durationMs * 1e6;
  for (let before = monotonicNs(); before < end; ) {
    Atomics.wait(cell, 0, 0, sleepMs);
    const after = monotonicNs();
    lateNs.push(after - before - sleepMs * 1e6);
    before = monotonicNs();
  }
  return lateNs;
}

/** Percentiles by nearest rank; null for no sleeps. */
export function summarizeLateness(lateNs: readonly number[]): TimerLateness | null {
  const sorted = lateNs.toSorted((a, b) => a - b);
  const rank = (share: number): number | undefined => sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1];
  const [p50, p99, max] = [rank(0.5), rank(0.99), rank(1)];
  return p50 === undefined || p99 === undefined || max === undefined ? null : { p50, p99, max };
}
