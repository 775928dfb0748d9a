import { describe, expect, it } from 'vitest';
import { monotonicNs } from '../lab/clock.ts';
import { type TrafficWatch, trafficEnd } from './traffic.ts';

/** A link on which one packet a millisecond goes in each of these stretches, ms after `startNs`. */
function link(startNs: number, stretches: readonly (readonly [fromMs: number, toMs: number])[]): TrafficWatch['read'] {
  return () => {
    const nowMs = (monotonicNs() - startNs) / 1e6;
    const packets = stretches.reduce((sum, [from, to]) => sum + Math.max(0, Math.floor(Math.min(nowMs, to)) - from), 0);
    return { packets, bytes: packets * 100 };
  };
}

/** How it ended, and when: ms after the start. */
async function watched(
  stretches: readonly (readonly [number, number])[],
  limits: Partial<TrafficWatch> = {},
): Promise<{ end: string; atMs: number }> {
  const startNs = monotonicNs();
  const end = await trafficEnd({
    read: link(startNs, stretches),
    startNs,
    trafficNs: 300e6,
    silentNs: 0,
    limitNs: 2e9,
    stallNs: 500e6,
    onRate: () => undefined,
    hasEnded: () => false,
    ...limits,
  });
  return { end, atMs: (monotonicNs() - startNs) / 1e6 };
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
        return counted();
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

  it('is doubted where nothing ever moves', async () => {
    expect((await watched([])).end).toBe('stalled');
    expect((await watched([], { stallNs: Number.POSITIVE_INFINITY, limitNs: 600e6 })).end).toBe('limit');
  });
});
