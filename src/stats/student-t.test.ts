import { describe, expect, it } from 'vitest';
import { studentCdf, studentQuantile } from './student-t.ts';

// Literals: scipy.stats.t of scipy 1.17.1.
describe('Student’s t distribution', () => {
  it.each([
    [-40, 3, 1.7190340394579253e-5],
    [-2, 1, 0.14758361765043326],
    [-1, 2.5, 0.20203051363913682],
    [0, 4, 0.5],
    [0.5, 7.3, 0.6841032365977792],
    [2.5, 5, 0.9727549503288119],
    [2, 998, 0.9771145560017188],
  ])('has scipy’s probability below %d with %d degrees', (t, degrees, probability) => {
    expect(Math.abs(studentCdf(t, degrees) / probability - 1)).toBeLessThan(1e-13);
  });

  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 5, 2.5705818356363146],
    [0.975, 7.3, 2.345066736547703],
    [0.975, 998, 1.9623438462163343],
    [0.8, 4, 0.9409645772351816],
    [0.9999, 6, 8.024792773116536],
    [0.025, 9, -2.2621571627982053],
  ])('has scipy’s quantile at %d with %d degrees', (probability, degrees, t) => {
    expect(Math.abs(studentQuantile(probability, degrees) / t - 1)).toBeLessThan(1e-12);
  });
});
