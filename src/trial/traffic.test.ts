import { describe, expect, it } from 'vitest';
import { monotonicNs } from '../lab/clock.ts';
import { type FlowTraffic, type LinkTotals, type TrafficWatch, trafficEnd } from './traffic.ts';

type Stretches = readonly (readonly [fromMs: number, toMs: number])[];

/** A link on which one packet a millisecond goes in each of these stretches, ms after `startNs`. */
function link(startNs: number, stretches: Stretches): () => LinkTotals {
  return () => {
    const nowMs = (monotonicNs() - startNs) / 1e6;
    const packets = stretches.reduce((sum, [from, to]) => sum + Math.max(0, Math.floor(Math.min(nowMs, to)) - from), 0);
    return { packets, bytes: packets * 100 };
  };
}

interface Watched {
  readonly flows: readonly FlowTraffic[];
  /** Of the first flow. */
  readonly end: string | undefined;
  /** ms after the start. */
  readonly atMs: number;
  /** Flows that stalled. */
  readonly stalled: readonly number[];
}

/** How each flow ended, and when the last one did. */
async function watchedFlows(flows: readonly Stretches[], limits: Partial<TrafficWatch> = {}): Promise<Watched> {
  const startNs = monotonicNs();
  const links = flows.map((stretches) => link(startNs, stretches));
  const stalled: number[] = [];
  const ended = await trafficEnd({
    read: () => links.map((read) => read()),
    startNs,
    trafficNs: 300e6,
    silentNs: 0,
    limitNs: 2e9,
    stallNs: 500e6,
    onStalled: (flow) => stalled.push(flow),
    onRate: () => undefined,
    hasEnded: () => false,
    ...limits,
  });
  return { flows: ended, end: ended[0]?.end, atMs: (monotonicNs() - startNs) / 1e6, stalled };
}

async function watched(stretches: Stretches, limits: Partial<TrafficWatch> = {}): Promise<Watched> {
  return await watchedFlows([stretches], limits);
}

describe('the end of the traffic', () => {
  it('is as exact where the link is not looked at before the client can have sent', async () => {
    let looks = 0;
    const startNs = monotonicNs();
    const counted = link(startNs, [[400, 700]]);
    const { end, atMs } = await watched([], {
      silentNs: 390e6,
      read: () => {
        looks++;
        return [counted()];
      },
    });
    expect(end).toBe('quiet');
    expect(atMs).toBeGreaterThan(740);
    // 390 ms would be 19 looks otherwise.
    expect(looks).toBeLessThan(20);
  });

  it('is the silence after the expected end', async () => {
    const { end, atMs } = await watched([[0, 300]]);
    expect(end).toBe('quiet');
    expect(atMs).toBeGreaterThan(340);
  });

  it('is not the silence of a client that starts late', async () => {
    const { end, atMs } = await watched([[400, 700]]);
    expect(end).toBe('quiet');
    expect(atMs).toBeGreaterThan(740);
  });

  it('is not a pause after a few packets of greeting', async () => {
    const { end, atMs } = await watched([
      [0, 10],
      [450, 750],
    ]);
    expect(end).toBe('quiet');
    expect(atMs).toBeGreaterThan(790);
  });

  it('is not a pause in the middle', async () => {
    const { atMs } = await watched([
      [0, 40],
      [200, 300],
    ]);
    expect(atMs).toBeGreaterThan(340);
  });

  it('is doubted where nothing ever moves: its client is asked, once', async () => {
    const { end, stalled } = await watched([], { limitNs: 1.2e9 });
    expect({ end, stalled }).toEqual({ end: 'limit', stalled: [0] });
    let isAsked = false;
    const asked = await watched([], { onStalled: () => (isAsked = true), hasEnded: () => isAsked });
    expect(asked.end).toBe('ended');
    expect(asked.atMs).toBeLessThan(700);
  });

  it('is that of the last of several flows', async () => {
    const { flows, atMs } = await watchedFlows([[[0, 300]], [[200, 500]]]);
    expect(flows.map(({ end }) => end)).toEqual(['quiet', 'quiet']);
    expect(atMs).toBeGreaterThan(540);
  });

  it('tells how far apart the flows began', async () => {
    const { flows } = await watchedFlows([[[0, 300]], [[200, 500]]]);
    const [first, second] = flows.map(({ beganNs }) => beganNs ?? Number.NaN);
    const skewMs = ((second ?? Number.NaN) - (first ?? Number.NaN)) / 1e6;
    expect(skewMs).toBeGreaterThan(150);
    expect(skewMs).toBeLessThan(280);
  });

  it('does not wait for a flow whose client is gone', async () => {
    const { flows, atMs } = await watchedFlows([[[0, 300]], []], { hasEnded: (flow) => flow === 1, stallNs: 5e9 });
    expect(flows.map(({ end }) => end)).toEqual(['quiet', 'ended']);
    expect(atMs).toBeLessThan(600);
  });
});
