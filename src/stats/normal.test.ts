import { describe, expect, it } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';

// Literals: scipy.stats.norm of scipy 1.17.1.
describe('the normal distribution', () => {
  it.each([
    [-30, 4.906713927147908e-198],
    [-8, 6.22096057427174e-16],
    [-5, 2.866515718791933e-7],
    [-1.5, 0.06680720126885807],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [6, 0.9999999990134123],
  ])('has scipy’s probability below %d', (z, probability) => {
    expect(Math.abs(normalCdf(z) / probability - 1)).toBeLessThan(1e-7);
    expect(Math.abs(normalCdf(z) - probability)).toBeLessThan(1e-15);
  });

  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [1e-6, -4.753424308822899],
    [0.08, -1.4050715603096329],
    [0.3, -0.5244005127080409],
    [0.6, 0.2533471031357997],
    [0.975, 1.959963984540054],
    [1 - 1e-10, 6.361340889697422],
  ])('has scipy’s quantile at %d', (probability, z) => {
    expect(Math.abs(normalQuantile(probability) / z - 1)).toBeLessThan(1e-14);
  });

  it('ends at infinity', () => {
    expect([normalCdf(-40), normalCdf(40), normalQuantile(0), normalQuantile(1)]).toEqual([0, 1, -Infinity, Infinity]);
  });
});
