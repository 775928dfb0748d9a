import { describe, expect, it } from 'vitest';
import { amount, countWas, percent, rate, seconds, shareOf } from './quantity.ts';

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

  it.each([
    [3_037_300_624, '3.037 Gbit/s'],
    [999_960_000, '1,000 Mbit/s'],
    [12_000, '12 kbit/s'],
    [0, '0 bit/s'],
  ])('writes a rate of %d bit/s as %s', (bitsPerSecond, text) => {
    expect(rate(bitsPerSecond)).toBe(text);
  });

  it.each([
    [1, '1 datagram was'],
    [0, '0 datagrams were'],
    [1_234, '1,234 datagrams were'],
  ])('says of %d: %s', (count, text) => {
    expect(countWas(count, 'datagram')).toBe(text);
  });
});
