import { monotonicNs } from '../lab/clock.ts';

/** Cheap totals of one measured link. */
export interface LinkTotals {
  readonly packets: number;
  readonly bytes: number;
}

export interface TrafficWatch {
  /** Of each flow's link, in one order. */
  readonly read: () => readonly LinkTotals[];
  /** When the clients start, CLOCK_MONOTONIC ns. */
  readonly startNs: number;
  /** From the beginning of the traffic to its end, ns. */
  readonly trafficNs: number;
  /** From its start on a client sends nothing of it for so long, ns. */
  readonly silentNs: number;
  /** Give up after this, counted from the start, ns. */
  readonly limitNs: number;
  /** Called about once a second with the rates of that second, of all flows together. */
  readonly onRate: (rate: { bitsPerSecond: number; packetsPerSecond: number }) => void;
  /** Silence of a flow before its expected end, or before its beginning, after which it has stalled: nothing moves although its client should send. */
  readonly stallNs: number;
  /** Called once for a flow that has stalled. */
  readonly onStalled: (flow: number) => void;
  /** True once the client of a flow is known to be gone by other means. */
  readonly hasEnded: (flow: number) => boolean;
}

/** How one flow's traffic went. */
export interface FlowTraffic {
  readonly end: 'quiet' | 'ended' | 'limit';
  /** CLOCK_MONOTONIC ns, in steps of the looks at the link (20 ms); null: it never began. */
  readonly beganNs: number | null;
}

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

/** One flow while it is watched. */
class WatchedFlow {
  readonly #watch: TrafficWatch;
  readonly #index: number;
  #first: LinkTotals;
  #last: LinkTotals;
  #lastChangeNs = monotonicNs();
  // Counted from the beginning of the traffic: a client that starts late, or pauses before it begins (sockperf for 2 s), is not at its end.
  #expectedEndNs: number | null = null;
  #isStalled = false;
  #beganNs: number | null = null;
  #end: FlowTraffic['end'] | null = null;

  constructor(watch: TrafficWatch, index: number, totals: LinkTotals) {
    this.#watch = watch;
    this.#index = index;
    this.#first = totals;
    this.#last = totals;
  }

  get isOver(): boolean {
    return this.#end !== null;
  }

  get traffic(): FlowTraffic {
    return { end: this.#end ?? 'limit', beganNs: this.#beganNs };
  }

  /** How long to sleep before the next look: never far past the expected end, and no more often than must be where nothing can have begun. */
  get pauseMs(): number {
    const { startNs, silentNs } = this.#watch;
    const isWaiting = this.#expectedEndNs === null;
    const leftMs = ((this.#expectedEndNs ?? startNs + silentNs) - monotonicNs()) / 1e6;
    return Math.min(farPollMs, Math.max(isWaiting ? waitingPollMs : nearPollMs, leftMs));
  }

  look(now: LinkTotals, atNs: number): void {
    const { startNs, trafficNs, limitNs, stallNs, hasEnded } = this.#watch;
    if (now.packets !== this.#last.packets) this.#lastChangeNs = atNs;
    if (now.packets - this.#first.packets >= beginPackets) {
      this.#beganNs ??= Math.max(atNs, startNs);
      this.#expectedEndNs ??= Math.max(atNs, startNs) + trafficNs - earlyEndNs;
    }
    this.#last = now;
    const silentNs = atNs - Math.max(this.#lastChangeNs, startNs);
    if (hasEnded(this.#index)) this.#end = 'ended';
    else if (this.#expectedEndNs !== null && atNs >= this.#expectedEndNs && silentNs >= quietNs) this.#end = 'quiet';
    else if (!this.#isStalled && silentNs >= stallNs) this.#stall();
    else if (atNs >= startNs + limitNs) this.#end = 'limit';
  }

  /** Its client is asked; what comes then is watched anew. */
  #stall(): void {
    this.#isStalled = true;
    this.#first = this.#last;
    this.#expectedEndNs = null;
    this.#watch.onStalled(this.#index);
  }
}

function sumOf(totals: readonly LinkTotals[]): LinkTotals {
  return totals.reduce((sum, { packets, bytes }) => ({ packets: sum.packets + packets, bytes: sum.bytes + bytes }), {
    packets: 0,
    bytes: 0,
  });
}

/**
 * Waits until the traffic of all clients has ended, as seen on their links: the end of a client process itself is later (it sums up and
 * writes its log), and could only be told by the guest over its console, which would be counted.
 */
export async function trafficEnd(watch: TrafficWatch): Promise<readonly FlowTraffic[]> {
  const first = watch.read();
  const flows = first.map((totals, index) => new WatchedFlow(watch, index, totals));
  let rateFrom = { totals: sumOf(first), atNs: monotonicNs() };
  for (;;) {
    const pause = Math.min(...flows.filter(({ isOver }) => !isOver).map(({ pauseMs }) => pauseMs));
    await new Promise((resolve) => setTimeout(resolve, pause));
    const totals = watch.read();
    const atNs = monotonicNs();
    for (const [index, flow] of flows.entries()) {
      const now = totals[index];
      if (now !== undefined && !flow.isOver) flow.look(now, atNs);
    }
    if (atNs - rateFrom.atNs >= rateNs) {
      const all = sumOf(totals);
      const seconds = (atNs - rateFrom.atNs) / 1e9;
      watch.onRate({
        bitsPerSecond: ((all.bytes - rateFrom.totals.bytes) * 8) / seconds,
        packetsPerSecond: (all.packets - rateFrom.totals.packets) / seconds,
      });
      rateFrom = { totals: all, atNs };
    }
    if (flows.every(({ isOver }) => isOver)) return flows.map(({ traffic }) => traffic);
  }
}
