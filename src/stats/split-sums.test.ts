import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choicesBeyond } from './split-sums.ts';

/** Sums of all choices, one by one. */
function sumsOf(values: readonly number[], chosen: number): number[] {
  const [first, ...rest] = values;
  if (chosen === 0) return [0];
  if (first === undefined) return [];
  return [...sumsOf(rest, chosen - 1).map((sum) => sum + first), ...sumsOf(rest, chosen)];
}

describe('choicesBeyond', () => {
  it('counts as going through all choices does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 11 }),
        fc.nat(11),
        fc.integer({ min: 1, max: 60 }),
        (values, chosen, bound) => {
          const counted = choicesBeyond(Float64Array.from(values), chosen, bound);
          expect(counted).toBe(sumsOf(values, chosen).filter((sum) => Math.abs(sum) >= bound).length);
        },
      ),
    );
  });
});
