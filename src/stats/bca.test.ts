import { describe, expect, it } from 'vitest';
import { acceleration, bcaInterval } from './bca.ts';
import { meanOf } from './moments.ts';
import { seededRandom } from './random.ts';
import { resampledMeans } from './resample.ts';

const even = Float64Array.of(9.41, 9.38, 9.52, 9.47, 9.33, 9.44, 9.61, 9.4);
const skewed = Float64Array.of(1.2, 1.9, 2.4, 0.7, 5.6, 1.1, 3.3, 1.6, 0.9, 2.2);

function leaveOneOut(values: Float64Array): Float64Array {
  const mean = meanOf(values);
  return values.map((value) => mean + (mean - value) / (values.length - 1));
}

function plainInterval(values: Float64Array): { low: number; high: number } {
  return bcaInterval({
    replicates: resampledMeans(values, 200_000, seededRandom(3)),
    observed: meanOf(values),
    leaveOneOut: [leaveOneOut(values)],
    widening: 1,
    trust: 1,
  });
}

// Literals: scipy.stats.bootstrap(method='BCa', n_resamples=400000) of scipy 1.17.1, and its acceleration worked out with numpy 2.4.6.
describe('the BCa interval, not widened', () => {
  it('is scipy’s for the mean of figures that spread evenly', () => {
    const { low, high } = plainInterval(even);
    expect(Math.abs(low - 9.39625)).toBeLessThan(0.0013);
    expect(Math.abs(high - 9.51375)).toBeLessThan(0.0013);
  });

  it('is scipy’s for the mean of skewed figures', () => {
    const { low, high } = plainInterval(skewed);
    expect(Math.abs(low - 1.45)).toBeLessThan(0.011);
    expect(Math.abs(high - 3.32)).toBeLessThan(0.021);
  });

  it('has the acceleration of the jackknife', () => {
    // scipy divides by n^1.5 less the jackknife's scale: the same number.
    expect(acceleration([leaveOneOut(even)])).toBeCloseTo(0.03962516416859483, 12);
    expect(acceleration([leaveOneOut(skewed)])).toBeCloseTo(0.07648251818030104, 12);
  });

  it('has no acceleration where nothing varies', () => {
    expect(acceleration([Float64Array.of(2, 2, 2)])).toBe(0);
  });
});
