import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ratioOf } from './ratio.ts';

const baseline = [9.41, 9.38, 9.52, 9.47, 9.33, 9.44, 9.61, 9.4];
const candidate = [9.71, 9.66, 9.8, 9.58, 9.93, 9.69, 9.75, 9.62];
const figures = fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 10 });

describe('ratioOf', () => {
  it('gives the ratio of the means with an interval a little wider than the plain BCa one', () => {
    const { value, interval } = ratioOf({ baseline, candidate, seed: 1 });
    // scipy 1.17.1: bootstrap of log(mean(candidate) / mean(baseline)), method='BCa', 400,000 resamples: 1.01955 to 1.03918; here times about 1.17.
    expect(value).toBeCloseTo(77.74 / 75.56, 12);
    expect(interval?.low).toBeGreaterThan(1.0155);
    expect(interval?.low).toBeLessThan(1.0192);
    expect(interval?.high).toBeGreaterThan(1.0395);
    expect(interval?.high).toBeLessThan(1.0435);
  });

  it('is inverted by swapping the sides', () => {
    fc.assert(
      fc.property(figures, figures, (one, other) => {
        const ratio = ratioOf({ baseline: one, candidate: other, seed: 3, resamples: 500 });
        const turned = ratioOf({ baseline: other, candidate: one, seed: 3, resamples: 500 });
        expect((ratio.value ?? 0) * (turned.value ?? 0)).toBeCloseTo(1, 12);
        expect((ratio.interval?.low ?? 1) * (turned.interval?.high ?? 1)).toBeCloseTo(1, 10);
        expect((ratio.interval?.high ?? 1) * (turned.interval?.low ?? 1)).toBeCloseTo(1, 10);
        expect(turned.reason).toBe(ratio.reason);
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the unit nor on the order of the boots', () => {
    fc.assert(
      fc.property(figures, figures, fc.double({ min: 1e-200, max: 1e200, noNaN: true }), (one, other, unit) => {
        const ratio = ratioOf({ baseline: one, candidate: other, seed: 3, resamples: 500 });
        const same = ratioOf({
          baseline: one.map((value) => value * unit).toReversed(),
          candidate: other.map((value) => value * unit).toReversed(),
          seed: 3,
          resamples: 500,
        });
        expect(same.value).toBeCloseTo(ratio.value ?? 0, 10);
        expect(same.interval?.low ?? 0).toBeCloseTo(ratio.interval?.low ?? 0, 6);
        expect(same.interval?.high ?? 0).toBeCloseTo(ratio.interval?.high ?? 0, 6);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [[0, 0, 0], [0, 0, 0], null, null, 'Both sides are 0 in every boot: 0 to 0 is no ratio.'],
    [[0, 0, 0], [1, 2, 3], null, 'up', 'The baseline is 0 in every boot, and the candidate is not: there is no ratio.'],
    [[1, 2, 3], [0, 0, 0], null, 'down', 'The candidate is 0 in every boot, and the baseline is not.'],
    [[-1, 2, 3], [1, 2, 3], null, null, 'A figure below 0 has no ratio.'],
    [
      [4, 4, 4],
      [5, 5, 5],
      1.25,
      'up',
      'On each side every boot gave the same figure: there is no spread to make an interval of.',
    ],
    [
      [4, 4, 4],
      [4, 4, 4],
      1,
      null,
      'On each side every boot gave the same figure: there is no spread to make an interval of.',
    ],
    [[4, 5], [5, 6, 7], 4 / 3, null, 'An interval needs 3 boots a side, and one side has 2.'],
    [[], [1], null, null, 'There is no boot with this figure.'],
    [[1], [Number.NaN], null, null, "A boot's figure is not a finite number."],
    [[1e-300, 2e-300, 1e-300], [1e300, 1e300, 2e300], null, null, 'The ratio is beyond the range of numbers.'],
    [
      [0, 0, 0, 0, 0, 9],
      [1, 2, 1, 2, 1, 2],
      1,
      null,
      'So many boots are 0 that the mean of one side can be 0: the ratio has no bounds.',
    ],
  ])('of %j and %j says why there is no interval', (...[one, other, value, plainDirection, reason]) => {
    expect(ratioOf({ baseline: one, candidate: other, seed: 1 })).toEqual({
      value,
      interval: null,
      plainDirection,
      reason,
    });
  });
});
