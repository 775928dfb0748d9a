import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notedBulk } from '../../test/sample/vm-client-note.ts';
import { apart, apartShare, exactly, quotientOf, type Rounded, rounded, roundingText, sumOf } from './rounding.ts';

const figure: fc.Arbitrary<Rounded> = fc
  .record({ value: fc.double({ min: 1, max: 1e6, noNaN: true }), share: fc.double({ min: 0, max: 0.4, noNaN: true }) })
  .map(({ value, share }) => ({ value, rounding: value * share }));
/** Where in its range the truth lies. */
const place = fc.double({ min: -1, max: 1, noNaN: true });

function truth({ value, rounding }: Rounded, where: number): number {
  return value + where * rounding;
}

describe('the rounding of a figure', () => {
  it("is half a unit of the note's last digit, and 0 of what was measured", () => {
    expect(rounded(notedBulk(), 'throughput.bitsPerSecond', 16.4e9).rounding).toBe(0.05e9);
    expect(rounded(notedBulk(), 'throughput.retransmits', 0).rounding).toBe(0);
    expect(rounded({ noted: null }, 'throughput.bitsPerSecond', 16.4e9).rounding).toBe(0);
  });

  it('covers every truth of a sum and of a quotient', () => {
    fc.assert(
      fc.property(fc.tuple(figure, figure, figure), fc.tuple(place, place, place), ([a, b, c], [x, y, z]) => {
        const total = sumOf([a, b]);
        const slack = 1e-9;
        expect(Math.abs(truth(a, x) + truth(b, y) - total.value)).toBeLessThanOrEqual(
          total.rounding * (1 + slack) + slack,
        );
        const quotient = quotientOf([a, b], [c]);
        const real = (truth(a, x) * truth(b, y)) / truth(c, z);
        expect(Math.abs(real - quotient.value)).toBeLessThanOrEqual(quotient.rounding * (1 + slack) + slack);
      }),
    );
  });

  it('knows no bound where the divisor may be 0', () => {
    expect(quotientOf([exactly(1)], [{ value: 1, rounding: 1 }]).rounding).toBe(Number.POSITIVE_INFINITY);
    expect(quotientOf([exactly(6)], [exactly(3)])).toEqual({ value: 2, rounding: 0 });
  });
});

describe('two figures', () => {
  it('are apart by what their roundings leave', () => {
    expect(apart({ value: 10, rounding: 1 }, { value: 13, rounding: 1.5 })).toBe(0.5);
    expect(apart({ value: 10, rounding: 1 }, { value: 12, rounding: 1.5 })).toBe(0);
    expect(apartShare(exactly(90), exactly(100))).toBe(0.1);
  });

  it('say that rounding was taken off only where it was', () => {
    expect(roundingText(exactly(1), exactly(2))).toBe('');
    expect(roundingText(exactly(1), { value: 2, rounding: 0.5 })).toContain('rounding');
  });
});
