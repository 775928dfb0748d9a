import { describe, expect, it } from 'vitest';
import { changePoints } from './change-points.ts';

/** A wave that never repeats, in place of noise. */
function wobble(at: number): number {
  return Math.sin(at * 12.9898) + Math.sin(at * 78.233);
}

describe('changePoints', () => {
  it('finds two steps, with the runs at which they begin and their sizes', () => {
    const series = Array.from({ length: 30 }, (_, at) => (at < 10 ? 100 : at < 20 ? 110 : 95) + wobble(at) / 2);
    const found = changePoints(series, { seed: 1 });
    expect(found.map(({ index }) => index)).toEqual([10, 20]);
    expect(found[0]?.ratio).toBeCloseTo(1.1, 2);
    expect(found[1]?.ratio).toBeCloseTo(95 / 110, 2);
    expect(found.every(({ pValue }) => pValue > 0 && pValue < 0.05)).toBe(true);
    expect(changePoints(series, { seed: 1 })).toEqual(found);
  });

  it('finds none in a flat series, a constant one, a short one or one with a figure that is none', () => {
    expect(
      changePoints(
        Array.from({ length: 40 }, (_, at) => 100 + wobble(at)),
        { seed: 1 },
      ),
    ).toEqual([]);
    expect(changePoints([5, 5, 5, 5, 5, 5, 5, 5], { seed: 1 })).toEqual([]);
    expect(changePoints([1, 1, 1, 9, 9], { seed: 1 })).toEqual([]);
    expect(changePoints([1, 1, 1, 1, 1, Number.NaN, 9, 9, 9, 9], { seed: 1 })).toEqual([]);
    expect(changePoints([], { seed: 1 })).toEqual([]);
  });

  it('has no ratio to a level of 0', () => {
    const [found] = changePoints([0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4], { seed: 1 });
    expect(found).toMatchObject({ index: 6, ratio: null });
  });

  it('does not depend on the unit', () => {
    const series = Array.from({ length: 24 }, (_, at) => (at < 12 ? 3 : 3.3) + wobble(at) / 20);
    const found = changePoints(series, { seed: 1 });
    for (const unit of [1e-300, 1e9, 1e300]) {
      expect(
        changePoints(
          series.map((value) => value * unit),
          { seed: 1 },
        ).map(({ index }) => index),
      ).toEqual(found.map(({ index }) => index));
    }
  });
});
