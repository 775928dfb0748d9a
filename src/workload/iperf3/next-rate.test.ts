import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RateSearchStep } from '../../record/rate-search.ts';
import { mostSteps, nextRate, type RateLimits } from './next-rate.ts';

/** A path that carries so much and loses the rest; the sender gives no more than it can. */
interface Path {
  readonly carries: number;
  readonly sends: number;
  /** Share that is lost beside that, of the step of this number. */
  readonly noise: (step: number) => number;
}

function stepAt(
  target: number | null,
  { carries, sends, noise }: Path,
  number: number,
): Omit<RateSearchStep, 'hasPassed'> {
  const sent = Math.min(target ?? Infinity, sends);
  const lostShare = Math.min(1, Math.max(0, 1 - carries / sent) + noise(number));
  return {
    targetBitsPerSecond: target,
    sentBitsPerSecond: sent,
    bitsPerSecond: sent * (1 - lostShare),
    datagramsPerSecond: 1,
    lostShare,
    failure: null,
    files: [],
  };
}

function searched(path: Path, limits: RateLimits) {
  const steps: RateSearchStep[] = [];
  for (;;) {
    const next = nextRate(steps, limits);
    if (!('ask' in next)) return { steps, ...next };
    const step = stepAt(next.ask, path, steps.length);
    steps.push({ ...step, hasPassed: (step.lostShare ?? 1) <= limits.mostLostShare });
    if (steps.length > 1_000) throw new Error('the search does not end');
  }
}

const quiet = () => 0;
const limits: RateLimits = { highest: null, mostLostShare: 0.001 };

describe('the search for the highest rate', () => {
  it('is done where the highest passes', () => {
    const found = searched({ carries: 5e9, sends: 2e9, noise: quiet }, limits);
    expect(found).toMatchObject({ outcome: 'highest-passed', highestBitsPerSecond: 2e9, targetBitsPerSecond: null });
    expect(found.steps).toHaveLength(1);
    const bound = searched({ carries: 5e9, sends: 2e9, noise: quiet }, { ...limits, highest: 1e9 });
    expect(bound).toMatchObject({ outcome: 'highest-passed', highestBitsPerSecond: 1e9, targetBitsPerSecond: 1e9 });
  });

  it('finds what a path carries within a fiftieth', () => {
    const found = searched({ carries: 0.7e9, sends: 4e9, noise: quiet }, limits);
    expect(found.outcome).toBe('between');
    expect(found.highestBitsPerSecond).toBeGreaterThan(0.98 * 0.7e9);
    expect(found.highestBitsPerSecond).toBeLessThanOrEqual(0.7e9);
    expect(found.failedBitsPerSecond).toBeGreaterThanOrEqual(0.7e9);
  });

  it('runs a step again that lost a little too much, and not one that lost far too much', () => {
    const once = searched({ carries: 4e9, sends: 4e9, noise: (step) => (step === 0 ? 0.01 : 0) }, limits);
    expect(once).toMatchObject({ outcome: 'highest-passed', highestBitsPerSecond: 4e9 });
    expect(once.steps.map(({ hasPassed }) => hasPassed)).toEqual([false, true]);
    const twice = searched({ carries: 3.9e9, sends: 4e9, noise: quiet }, limits);
    expect(twice.steps.slice(0, 3).map(({ targetBitsPerSecond: rate }) => rate)).toEqual([null, null, 2e9]);
    const far = searched({ carries: 1e9, sends: 4e9, noise: quiet }, limits);
    expect(far.steps.slice(0, 2).map(({ targetBitsPerSecond: rate }) => rate)).toEqual([null, 2e9]);
  });

  it('says where not even the lowest passed, with the lowest that was tried', () => {
    const found = searched({ carries: 4e9, sends: 4e9, noise: () => 0.05 }, limits);
    expect(found).toMatchObject({ outcome: 'none-passed', highestBitsPerSecond: null });
    expect(found.targetBitsPerSecond).toBe(found.steps.at(-1)?.targetBitsPerSecond);
    expect(found.steps).toHaveLength(mostSteps);
  });

  it('goes down from a rate whose tool fails, and ends where nobody knows how fast it was', () => {
    const failed = (target: number | null): RateSearchStep => ({
      targetBitsPerSecond: target,
      sentBitsPerSecond: null,
      bitsPerSecond: null,
      datagramsPerSecond: null,
      lostShare: null,
      hasPassed: false,
      failure: 'control socket has closed',
      files: [],
    });
    expect(nextRate([failed(null)], limits)).toEqual({ ask: null });
    expect(nextRate([failed(null), failed(null)], limits)).toMatchObject({ outcome: 'none-passed' });
    const bound = { ...limits, highest: 8e9 };
    expect(nextRate([failed(8e9), failed(8e9)], bound)).toEqual({ ask: 4e9 });
  });

  it('ends, with a rate that passed below one that failed, whatever a path does', () => {
    const rate = fc.double({ min: 1e4, max: 1e12, noNaN: true });
    const highest = fc.option(fc.integer({ min: 1, max: 1e12 }), { nil: null });
    const share = fc.double({ min: 0, max: 0.99, noNaN: true });
    const noise = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1 })
      .map((shares) => (step: number) => shares[step % shares.length] ?? 0);
    const path = fc.record({ carries: rate, sends: rate, noise });
    const limit = fc.record({ highest, mostLostShare: share });
    fc.assert(
      fc.property(path, limit, (lossy, limits) => {
        const found = searched(lossy, limits);
        expect(found.steps.length).toBeLessThanOrEqual(mostSteps);
        const best = found.steps.filter(({ hasPassed }) => hasPassed).at(-1) ?? null;
        expect(found.highestBitsPerSecond).toBe(best?.bitsPerSecond ?? null);
        if (best === null) expect(found.outcome).toBe('none-passed');
        else expect(found.targetBitsPerSecond).toBe(best.targetBitsPerSecond);
        if (found.outcome !== 'between') return;
        expect(found.failedBitsPerSecond).toBeGreaterThan(best?.targetBitsPerSecond ?? Infinity);
        for (const step of found.steps.filter(({ hasPassed }) => hasPassed))
          expect(step.targetBitsPerSecond).toBeLessThanOrEqual(best?.targetBitsPerSecond ?? 0);
      }),
    );
  });
});
