import { describe, expect, it } from 'vitest';
import { bootsNeeded } from './boots-needed.ts';

/** Three boots a side with a mean of 100 and a standard deviation of 2 %. */
const twoPercent = { baseline: [98, 100, 102], candidate: [98, 100, 102] };

describe('bootsNeeded', () => {
  it('is the least number that an equivalence test of this power needs', () => {
    // scipy 1.17.1: least n with (t.ppf(.975, 2n-2) + t.ppf(.9, 2n-2)) * sqrt(2 * .02**2 / n) <= log1p(threshold).
    expect(bootsNeeded({ ...twoPercent, threshold: 0.03 })).toEqual({ boots: 11, reason: null });
    expect(bootsNeeded({ ...twoPercent, threshold: 0.01 })).toEqual({ boots: 86, reason: null });
  });

  it('is for a large change what shows it, and what the permutation test needs at least', () => {
    // Nothing is shown by 3 against 3 (p >= 0.1); 4 against 4 can give 2 / 70, and 5 against 5 is needed where Holm allows for two tests.
    const halved = { baseline: [98, 100, 102], candidate: [49, 50, 51] };
    expect(bootsNeeded({ ...halved, threshold: 0.03 })).toEqual({ boots: 4, reason: null });
    expect(bootsNeeded({ ...halved, threshold: 0.03, tests: 2 })).toEqual({ boots: 5, reason: null });
    // scipy 1.17.1: least n with (t.ppf(.975, 2n-2) + t.ppf(.8, 2n-2)) * sqrt(2 * .1**2 / n) <= log(1.1).
    const noisy = { baseline: [90, 100, 110], candidate: [99, 110, 121] };
    expect(bootsNeeded({ ...noisy, threshold: 0.03 }).boots).toBe(19);
  });

  it('is never fewer than an interval needs', () => {
    expect(bootsNeeded({ baseline: [100, 100.001, 99.999], candidate: [100, 100, 100], threshold: 0.03 }).boots).toBe(
      3,
    );
  });

  it.each([
    [{ baseline: [1, 2], candidate: [1, 2, 3] }, 0.03, "The spread isn't known from fewer than 3 boots a side."],
    [
      { baseline: [5, 5, 5], candidate: [5, 5, 5] },
      0.03,
      'On each side every boot gave the same figure: the spread is not known.',
    ],
    [{ baseline: [0, 0, 0], candidate: [1, 2, 3] }, 0.03, 'A mean that is not above 0 has no relative spread.'],
    [{ baseline: [1, Number.NaN, 3], candidate: [1, 2, 3] }, 0.03, "A boot's figure is not a finite number."],
    [twoPercent, 0, 'No number of boots shows that there is no difference at all.'],
    [twoPercent, 0.0001, 'More than 100000 boots a side would be needed.'],
  ])('is not known of %j at %d, and says why', (sides, threshold, reason) => {
    expect(bootsNeeded({ ...sides, threshold })).toEqual({ boots: null, reason });
  });
});
