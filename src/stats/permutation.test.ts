import { describe, expect, it } from 'vitest';
import { permutationTest, smallestPValue } from './permutation.ts';
import { seededRandom } from './random.ts';

// Literals: scipy.stats.permutation_test(n_resamples=inf) of scipy 1.17.1, with the difference of means where the sides are equal, else Welch's t.
const cases: readonly (readonly [readonly number[], readonly number[], number, number])[] = [
  [[9.41, 9.38, 9.52, 9.47, 9.33, 9.44], [9.71, 9.66, 9.8, 9.58, 9.93, 9.69], 0.0021645021645021645, 924],
  [[9.41, 9.38, 9.52, 9.47, 9.33, 9.44], [9.59, 9.54, 9.4, 9.51, 9.68, 9.47], 0.05411255411255411, 924],
  [[1.2, 1.9, 2.4, 0.7, 5.6], [1.1, 3.3, 1.6, 0.9, 2.2], 0.6666666666666666, 252],
  [[1.2, 1.9, 2.4, 0.7], [8.96, 1.76, 5.28, 2.56, 1.44, 3.52], 0.06190476190476191, 210],
  [
    [9.41, 9.38, 9.52, 9.47, 9.33, 9.44, 9.61, 9.4],
    [9.71, 9.66, 9.8, 9.58, 9.93, 9.69, 9.75, 9.62],
    0.0003108003108003108,
    12_870,
  ],
];

describe('permutationTest', () => {
  it.each(cases)('gives scipy’s exact p-value for %j against %j', (...[baseline, candidate, pValue, permutations]) => {
    const test = permutationTest({ baseline, candidate, seed: 1 });
    expect(test.pValue).toBeCloseTo(pValue, 12);
    expect(test).toMatchObject({ isExact: true, permutations, reason: null });
  });

  it.each(cases)('comes near it with random splits of %j and %j', (baseline, candidate, pValue) => {
    const test = permutationTest({ baseline, candidate, seed: 1, limit: 10 });
    expect(test).toMatchObject({ isExact: false, permutations: 9999 });
    expect(Math.abs((test.pValue ?? 1) - pValue)).toBeLessThan(
      4 * Math.sqrt((pValue * (1 - pValue)) / 9999) + 1 / 10_000,
    );
  });

  it('never says 0, however clear the difference', () => {
    const side = Array.from({ length: 20 }, (_, at) => 100 + at / 10);
    const test = permutationTest({ baseline: side, candidate: side.map((value) => value * 2), seed: 1 });
    expect(test).toMatchObject({ isExact: false, pValue: 1 / 10_000 });
  });

  it('does not depend on which side is called the baseline, nor on the order of the boots', () => {
    for (const [baseline, candidate, ,] of cases) {
      for (const limit of [10, 500_000]) {
        const once = permutationTest({ baseline, candidate, seed: 1, limit });
        const turned = permutationTest({
          baseline: candidate.toReversed(),
          candidate: baseline.toReversed(),
          seed: 1,
          limit,
        });
        expect(Math.abs((turned.pValue ?? 2) - (once.pValue ?? 0))).toBeLessThan(limit === 10 ? 0.03 : 1e-12);
      }
    }
  });

  it('gives 1 where all boots are alike and 2 of all splits where no boot of a side reaches the other', () => {
    expect(permutationTest({ baseline: [0.3, 0.3, 0.3], candidate: [0.3, 0.3, 0.3], seed: 1 }).pValue).toBe(1);
    expect(permutationTest({ baseline: [4, 4, 4, 4], candidate: [5, 5, 5, 5], seed: 1 }).pValue).toBeCloseTo(
      2 / 70,
      12,
    );
    expect(permutationTest({ baseline: [4, 4, 4], candidate: [5, 5, 5, 5], seed: 1 }).pValue).toBeCloseTo(1 / 35, 12);
  });

  it('has no p-value without usable figures', () => {
    expect(permutationTest({ baseline: [], candidate: [1], seed: 1 })).toMatchObject({ pValue: null, permutations: 0 });
    expect(permutationTest({ baseline: [1], candidate: [Number.NaN], seed: 1 }).reason).toContain(
      'not a finite number',
    );
  });

  it('keeps its level where the sides differ in size and spread', () => {
    const random = seededRandom(9);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const alarms = Array.from({ length: 1000 }, (_, seed) => {
      const baseline = Array.from({ length: 5 }, () => 100 + 4 * normal());
      const candidate = Array.from({ length: 10 }, () => 100 + normal());
      return permutationTest({ baseline, candidate, seed }).pValue ?? 0;
    }).filter((pValue) => pValue < 0.05).length;
    // The difference of means, not studentized, gives 20 % here; 5 % and three standard deviations of 1,000 runs are 7.1 %, and small samples may add some.
    expect(alarms).toBeLessThan(85);
  });

  it('knows the least p-value that so many boots can give', () => {
    expect([
      smallestPValue(3, 3),
      smallestPValue(4, 4),
      smallestPValue(5, 5),
      smallestPValue(6, 6),
      smallestPValue(3, 5),
    ]).toEqual([0.1, 2 / 70, 2 / 252, 2 / 924, 1 / 56]);
    expect([smallestPValue(0, 4), smallestPValue(1, 1), smallestPValue(500, 500)]).toEqual([1, 1, 0]);
  });
});
