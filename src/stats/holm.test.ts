import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from './holm.ts';

describe('holm', () => {
  it('adjusts as statsmodels does', () => {
    // statsmodels 0.15.0: multipletests([...], method='holm').
    const adjusted = holm([0.01, 0.04, 0.03, 0.005, 0.2, 0.04]);
    for (const [at, expected] of [0.05, 0.12, 0.12, 0.03, 0.2, 0.12].entries())
      expect(adjusted[at]).toBeCloseTo(expected, 12);
  });

  it('leaves out what was not tested', () => {
    expect(holm([null, 0.01, null, 0.02])).toEqual([null, 0.02, null, 0.02]);
    expect(holm([null])).toEqual([null]);
    expect(holm([])).toEqual([]);
  });

  it('never lowers a p-value, keeps their order and stays at most 1', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const adjusted = holm(pValues);
        for (const [at, pValue] of pValues.entries()) {
          expect(adjusted[at]).toBeGreaterThanOrEqual(pValue);
          expect(adjusted[at]).toBeLessThanOrEqual(1);
          for (const [other, otherValue] of pValues.entries()) {
            if (otherValue > pValue) expect(adjusted[other]).toBeGreaterThanOrEqual(adjusted[at] ?? 2);
          }
        }
      }),
    );
  });
});
