import { describe, expect, it } from 'vitest';
import { criticalRankSum, pairedRatio } from '../../bench/ratio.ts';

/** Signed differences of M. Hollander and D. A. Wolfe's Hamilton depression scale; `wilcox.test(paired = TRUE, conf.int = TRUE)` of R gives 0.46 [0.01, 0.786]. */
const differences = [0.952, -0.147, 1.022, 0.43, 0.62, 0.59, 0.49, -0.08, 0.01];

describe('ratio of pairs', () => {
  it("is R's estimate and exact interval, on the logarithms", () => {
    const ratio = pairedRatio(differences.map((difference) => [Math.exp(difference), 1]));
    expect(Math.log(ratio.estimate)).toBeCloseTo(0.46, 12);
    expect(Math.log(ratio.low)).toBeCloseTo(0.01, 12);
    expect(Math.log(ratio.high)).toBeCloseTo(0.786, 12);
    expect(ratio.pairs).toBe(9);
  });

  it("knows the quantiles of the signed rank sum, as R's qsignrank(0.025, n)", () => {
    expect([6, 9, 12, 16].map(criticalRankSum)).toEqual([1, 6, 14, 30]);
  });

  it('is hardly moved by one boot that another program disturbed', () => {
    const quiet = Array.from({ length: 20 }, (_, index): [number, number] => [100 + (index % 5), 102]);
    const { estimate } = pairedRatio([...quiet, [300, 102]]);
    expect(estimate).toBeGreaterThan(0.99);
    expect(estimate).toBeLessThan(1.01);
  });
});
