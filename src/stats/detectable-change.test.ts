import { describe, expect, it } from 'vitest';
import { detectableChange } from './detectable-change.ts';

const ten = [98, 99, 100, 101, 102, 98, 99, 100, 101, 102];

describe('the smallest change that would have been shown', () => {
  it('is that of a t test of two means with 80 % power', () => {
    // scipy 1.17.1: expm1((t.ppf(.975, 18) + t.ppf(.8, 18)) * sqrt(2 * 2.2222 / 1e4 / 10)), 2.2222 the variance of the ten.
    expect(detectableChange({ baseline: ten, candidate: ten }, 1)).toBeCloseTo(0.0199495222, 6);
  });

  it('is larger where more is tested at once', () => {
    // The same with t.ppf(1 - .025 / 5, 18).
    expect(detectableChange({ baseline: ten, candidate: ten }, 5)).toBeCloseTo(0.0252501117, 6);
  });

  it('is not known from too few boots, from none, without spread, and of figures that are no positive numbers', () => {
    for (const side of [[], [1], [1, 2], [1, 2, 3], [5, 5, 5, 5, 5], [-1, -2, -3, -4, -5], [1, 2, 3, 4, Number.NaN]])
      expect(detectableChange({ baseline: side, candidate: side }, 1)).toBeNull();
    // 5 against 5 can give p = 0.0079, which seven tests at once need more than.
    const five = [1, 2, 3, 4, 5];
    expect(detectableChange({ baseline: five, candidate: five }, 6)).not.toBeNull();
    expect(detectableChange({ baseline: five, candidate: five }, 7)).toBeNull();
  });
});
