import { describe, expect, it } from 'vitest';
import { driftOf, isDrifting } from './drift.ts';

// Literals: scipy 1.17.1, stats.kendalltau(method='exact') and stats.theilslopes; both sides together and ties by numpy 2.4.6 over all orders.
describe('drift', () => {
  it.each([
    [[3.1, 3.4, 3.2, 3.9, 4.1, 3.8], 0.1361111111111111, 0.05555555555555553, false],
    [[5, 4, 3.5, 3.6, 3.2, 2.9, 2.5], 0.002777777777777778, -0.1, true],
    [[1, 2, 2, 3, 1, 4, 4, 5, 3, 6], 0.01091355714811546, 0.16666666666666666, true],
  ])('of %j has scipy’s p-value and slope', (...[samples, pValue, perBootShare, isFlagged]) => {
    const drift = driftOf(samples);
    expect(drift.pValue).toBeCloseTo(pValue, 12);
    expect(drift.perBootShare).toBeCloseTo(perBootShare, 12);
    expect(drift).toMatchObject({ isDrifting: isFlagged, reason: null });
  });

  it('adds up over the sides, so that a difference between them is none', () => {
    expect(
      isDrifting([
        [1, 2, 3, 4, 5],
        [11, 12, 13, 14],
      ]),
    ).toBe(true);
    expect(
      isDrifting([
        [1, 3, 2, 5, 4],
        [102, 101, 103, 104],
      ]),
    ).toBe(false);
    expect(
      isDrifting([
        [5, 4, 3, 2, 1],
        [101, 102, 103, 104, 105],
      ]),
    ).toBe(false);
  });

  it('is not spoken of with too few boots or figures that are none', () => {
    expect(driftOf([1, 2, 3, 4])).toMatchObject({
      isDrifting: false,
      pValue: null,
      reason: 'Too few boots to say whether there is drift: 5 are needed.',
    });
    expect(driftOf([1, 2, Number.NaN, 4, 5])).toMatchObject({ isDrifting: false, pValue: null, perBootShare: null });
    expect(isDrifting([])).toBe(false);
  });

  it('of figures that never change is none', () => {
    expect(driftOf([7, 7, 7, 7, 7, 7])).toMatchObject({ isDrifting: false, pValue: 1, perBootShare: 0 });
    expect(driftOf([0, 0, 0, 0, 0, 0])).toMatchObject({ isDrifting: false, perBootShare: null });
  });

  it('is seen in a long series', () => {
    const series = Array.from({ length: 200 }, (_, at) => 100 + at / 50 + Math.sin(at * 12.9898) * 2);
    expect(driftOf(series).isDrifting).toBe(true);
    expect(driftOf(series).perBootShare).toBeCloseTo(0.0002, 4);
  });
});
