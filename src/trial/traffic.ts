import { monotonicNs } from '../lab/clock.ts';

/** Cheap totals of the measured link. */
export interface LinkTotals {
  readonly packets: number;
  readonly bytes: number;
}

export interface TrafficWatch {
  readonly read: () => LinkTotals;
  /** When the client starts, CLOCK_MONOTONIC ns. */
  readonly startNs: number;
  /** From the beginning of the traffic to its end, ns. */
  readonly trafficNs: number;
  /** From the client's start on it sends nothing of it for so long, ns. */
  readonly silentNs: number;
  /** Give up after this, counted from the start, ns. */
  readonly limitNs: number;
  /** Called about once a second with the rates of that second. */
  readonly onRate: (rate: { bitsPerSecond: number; packetsPerSecond: number }) => void;
  /** Silence before the expected end, or before the beginning, after which `stalled` is given; Infinity where nothing more can be done about it. */
  readonly stallNs: number;
  /** True once the client is known to be gone by other means. */
  readonly hasEnded: () => boolean;
}

/** How the window's traffic came to its end. `stalled`: nothing moves although the client should have started, or should still send. */
export type TrafficEnd = 'quiet' | 'ended' | 'stalled' | 'limit';

/**
 * Silence on the link after the expected end that counts as the end of the traffic.
 * Longer than any pause inside a healthy client's last round trips, shorter than what would dilute CPU figures.
 */
const quietNs = 60e6;
/** A part of the expected time that may be missing: tools round their durations. */
const earlyEndNs = 20e6;
/** Packets before which the traffic has not begun: an address resolution (2), the handshakes of a few connections (3 each). */
const beginPackets = 20;
const rateNs = 1e9;
/** Until the traffic begins, which sets the expected end. */
const waitingPollMs = 20;
/** Far from the end the link is read this often: each look wakes us on a CPU that the path may need. */
const farPollMs = 1_000;
const nearPollMs = 10;

/** How long to sleep before the next look: never far past the expected end, and no more often than must be where nothing can have begun. */
function pauseMs(beginsNs: number, expectedEndNs: number | null): number {
  const isWaiting = expectedEndNs === null;
  const leftMs = ((isWaiting ? beginsNs : expectedEndNs) - monotonicNs()) / 1e6;
  return Math.min(farPollMs, Math.max(isWaiting ? waitingPollMs : nearPollMs, leftMs));
}

/**
 * Waits until the client's traffic has ended, as seen on the link: the end of the client process itself is later (it sums up and
 * writes its log), and could only be told by the guest over its console, which would be counted.
 */
export async function trafficEnd(watch: TrafficWatch): Promise<TrafficEnd> {
  const first = watch.read();
  let last = first;
  let lastChangeNs = monotonicNs();
  let rateFrom = { totals: last, atNs: lastChangeNs };
  // Counted from the beginning of the traffic: a client that starts late, or pauses before it begins (sockperf for 2 s), is not at its end.
  let expectedEndNs: number | null = null;
  for (;;) {
    const pause = pauseMs(watch.startNs + watch.silentNs, expectedEndNs);
    await new Promise((resolve) => setTimeout(resolve, pause));
    const now = watch.read();
    const atNs = monotonicNs();
    if (now.packets !== last.packets) lastChangeNs = atNs;
    if (now.packets - first.packets >= beginPackets) {
      expectedEndNs ??= Math.max(atNs, watch.startNs) + watch.trafficNs - earlyEndNs;
    }
    last = now;
    if (atNs - rateFrom.atNs >= rateNs) {
      const seconds = (atNs - rateFrom.atNs) / 1e9;
      watch.onRate({
        bitsPerSecond: ((now.bytes - rateFrom.totals.bytes) * 8) / seconds,
        packetsPerSecond: (now.packets - rateFrom.totals.packets) / seconds,
      });
      rateFrom = { totals: now, atNs };
    }
    const silentNs = atNs - Math.max(lastChangeNs, watch.startNs);
    if (watch.hasEnded()) return 'ended';
    if (expectedEndNs !== null && atNs >= expectedEndNs && silentNs >= quietNs) return 'quiet';
    if (silentNs >= watch.stallNs) return 'stalled';
    if (atNs >= watch.startNs + watch.limitNs) return 'limit';
  }
}
