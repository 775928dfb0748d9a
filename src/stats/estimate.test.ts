import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateOf } from './estimate.ts';
import { studentQuantile } from './student-t.ts';

const boots = [9.41, 9.38, 9.52, 9.47, 9.33, 9.44, 9.61, 9.4];

describe('estimateOf', () => {
  it('gives the arithmetic mean over boots', () => {
    expect(estimateOf(boots, { seed: 1 }).value).toBeCloseTo(9.445, 12);
  });

  it('gives an interval about as wide as Student’s t asks', () => {
    const { interval } = estimateOf(boots, { seed: 1 });
    // scipy 1.17.1, BCa not widened: 9.39625 to 9.51375; Student's t: half of 0.14713.
    const student = 2 * studentQuantile(0.975, 7) * Math.sqrt(0.00774285714285709 / 8);
    const width = (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width / student).toBeGreaterThan(0.95);
    expect(width / student).toBeLessThan(1.1);
    expect(interval?.low).toBeLessThan(9.396);
    expect(interval?.high).toBeGreaterThan(9.514);
  });

  it('reaches further to the side of the long tail', () => {
    const { value, interval } = estimateOf([1.2, 1.9, 2.4, 0.7, 5.6, 1.1, 3.3, 1.6, 0.9, 2.2], { seed: 1 });
    expect((interval?.high ?? 0) - (value ?? 0)).toBeGreaterThan(1.5 * ((value ?? 0) - (interval?.low ?? 0)));
  });

  it.each([
    [[], null, 'There is no boot with this figure.'],
    [[5], 5, 'An interval needs 3 boots, and there is 1.'],
    [[5, 6], 5.5, 'An interval needs 3 boots, and there are 2.'],
    [[4, 4, 4, 4], 4, 'All 4 boots gave the same figure: there is no spread to make an interval of.'],
    [[0.1 + 0.2, 0.3, 0.3], 0.3, 'All 3 boots gave the same figure: there is no spread to make an interval of.'],
    [[1, Number.NaN, 2], null, "A boot's figure is not a finite number."],
    [[1, Infinity, 2], null, "A boot's figure is not a finite number."],
  ])('says why %j has no interval', (samples, value, reason) => {
    const estimate = estimateOf(samples, { seed: 1 });
    expect(estimate).toMatchObject({ interval: null, boots: samples.length, reason });
    if (value === null) expect(estimate.value).toBeNull();
    else expect(estimate.value).toBeCloseTo(value, 12);
  });

  it('gives the same for the same seed, in whatever order the boots are', () => {
    const once = estimateOf(boots, { seed: 5 });
    expect(estimateOf(boots, { seed: 5 })).toEqual(once);
    expect(estimateOf(boots.toReversed(), { seed: 5 })).toEqual(once);
    expect(estimateOf(boots, { seed: 6 })).not.toEqual(once);
  });

  it('scales with the unit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 2, noNaN: true }), { minLength: 3, maxLength: 12 }),
        fc.integer({ min: -300, max: 300 }),
        (samples, power) => {
          const plain = estimateOf(samples, { seed: 1, resamples: 200 });
          const scaled = estimateOf(
            samples.map((value) => value * 2 ** power),
            { seed: 1, resamples: 200 },
          );
          expect(scaled.value).toBe((plain.value ?? 0) * 2 ** power);
          expect(scaled.interval?.low).toBe(plain.interval === null ? undefined : plain.interval.low * 2 ** power);
        },
      ),
      { numRuns: 50 },
    );
  });
});
