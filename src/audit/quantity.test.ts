import { describe, expect, it } from 'vitest';
import { amount, percent, seconds, shareOf } from './quantity.ts';

describe('quantities in messages', () => {
  it('gives shares as percentages of three digits', () => {
    expect([percent(0.012345), percent(1), percent(0)]).toEqual(['1.23 %', '100 %', '0 %']);
  });

  it('groups large numbers and rounds small ones to four digits', () => {
    expect([amount(198_352.4), amount(0.998431), amount(12)]).toEqual(['198,352', '0.9984', '12']);
  });

  it('gives nanoseconds as seconds', () => {
    expect(seconds(2_550_000_000)).toBe('2.55 s');
  });

  it('gives no share of an empty whole', () => {
    expect(shareOf(1, 0)).toBe(0);
  });
});
