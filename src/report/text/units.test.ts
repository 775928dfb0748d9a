import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChange, formatCount, formatNumber, formatRate, formatSize, formatSpan, formatTime } from './units.ts';

describe('figures for people', () => {
  it('have three significant digits', () => {
    expect([0.012345, 0.5, 1, 9.999, 12.345, 123.4, 999.6, 12_345.6, 0].map(formatNumber)).toEqual([
      '0.0123',
      '0.500',
      '1.00',
      '10.0',
      '12.3',
      '123',
      '1,000',
      '12,346',
      '0',
    ]);
  });

  it('take the unit that leaves at least 1', () => {
    expect([2_351_234_567, 999_960_000, 450].map(formatRate)).toEqual(['2.35 Gbit/s', '1.00 Gbit/s', '450 bit/s']);
    expect([75_234, 999_960, 1_500_000_000, 12].map(formatTime)).toEqual(['75.2 us', '1.00 ms', '1.50 s', '12.0 ns']);
    expect([536_870_912, 1536, 0].map(formatSize)).toEqual(['512 MiB', '1.5 KiB', '0 B']);
  });

  it('show a change with its sign', () => {
    expect([1.041, 0.97, 1].map(formatChange)).toEqual(['+4.1 %', '-3.0 %', '+0.0 %']);
  });

  it('show spans as users write them', () => {
    expect([30e9, 120e9, 90e9, 500e6].map(formatSpan)).toEqual(['30 s', '2 min', '90 s', '500 ms']);
  });

  it('never show what is not a number as one', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY].map(formatNumber)).toEqual(['?', '?']);
  });

  it('are within half of their last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const shown = Number(formatNumber(value).replaceAll(',', ''));
        expect(Math.abs(shown - value) / value).toBeLessThanOrEqual(0.0050001);
      }),
    );
  });

  it('keep every digit of a count', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(Number(formatCount(value).replaceAll(',', ''))).toBe(value);
      }),
    );
  });
});
