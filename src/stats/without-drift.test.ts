import { describe, expect, it } from 'vitest';
import { meanOf } from './moments.ts';
import { withoutDrift } from './without-drift.ts';

const sides = {
  baseline: [10.2, 10.9, 10.8, 11.5, 12.1],
  candidate: [11.1, 11.3, 11.9, 12.0, 12.6],
  positions: { baseline: [0, 3, 4, 7, 9], candidate: [1, 2, 5, 6, 8] },
};

function squares(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

describe('withoutDrift', () => {
  it('leaves the means and spread of an analysis of covariance', () => {
    // numpy 2.4.6, linalg.lstsq: means at place 4.5 and the sum of squared residuals, times 8/7 for the slope's degree of freedom;
    // scipy 1.17.1: t.ppf(.975, 7) / t.ppf(.975, 8) = 1.0254216, squared.
    const { baseline, candidate } = withoutDrift(sides);
    expect(meanOf(baseline)).toBeCloseTo(11.079563106796115, 10);
    expect(meanOf(candidate)).toBeCloseTo(11.800436893203889, 10);
    expect(squares(baseline) + squares(candidate)).toBeCloseTo(0.09877393 * 1.0254216 ** 2, 6);
  });

  it('does not depend on the order in which the boots are given', () => {
    const turned = withoutDrift({
      baseline: sides.baseline.toReversed(),
      candidate: sides.candidate,
      positions: { baseline: sides.positions.baseline.toReversed(), candidate: sides.positions.candidate },
    });
    for (const [at, value] of withoutDrift(sides).baseline.entries())
      expect(turned.baseline.at(-1 - at)).toBeCloseTo(value, 12);
  });

  it.each([
    ['one side ran after the other', { positions: { baseline: [0, 1, 2, 3, 4], candidate: [5, 6, 7, 8, 9] } }],
    [
      'there are three boots a side',
      { baseline: [1, 2, 3], candidate: [1, 2, 4], positions: { baseline: [0, 3, 4], candidate: [1, 2, 5] } },
    ],
    ['a place is missing', { positions: { baseline: [0, 3, 4, 7], candidate: [1, 2, 5, 6, 8] } }],
    ['a figure is 0', { baseline: [0, 10.9, 10.8, 11.5, 12.1] }],
    ['all boots of a side are alike', { baseline: [4, 4, 4, 4, 4] }],
    ['a figure is not finite', { candidate: [11.1, Number.NaN, 11.9, 12.0, 12.6] }],
    ['all places are one', { positions: { baseline: [1, 1, 1, 1, 1], candidate: [1, 1, 1, 1, 1] } }],
  ])('gives the sides as they are where %s', (_, change) => {
    const given = { ...sides, ...change };
    expect(withoutDrift(given)).toMatchObject({ baseline: given.baseline, candidate: given.candidate });
  });
});
