import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDuration, readDurationOrZero, readRate, readSize } from './quantity.ts';

describe('quantities', () => {
  it('reads durations into nanoseconds', () => {
    const read = ['30s', '500ms', '2m', '1h', '1.5s', '20 us', '7ns'].map((text) => readDuration(text));
    expect(read).toEqual([30e9, 500e6, 120e9, 3600e9, 1.5e9, 20_000, 7].map((value) => ({ value })));
  });

  it('reads sizes as powers of 1024 and rates as powers of 1000', () => {
    expect(readSize('512M')).toEqual({ value: 536_870_912 });
    expect(readSize('1GiB')).toEqual({ value: 1_073_741_824 });
    expect(readSize('64B')).toEqual({ value: 64 });
    expect(readRate('10Gbit/s')).toEqual({ value: 10_000_000_000 });
  });

  it.each([
    30,
    '30',
    '',
    '30 sec',
    '-1s',
    '0s',
    '1e3s',
    '1s ',
    '512MB',
    null,
    undefined,
    {},
    true,
    '0.4ns',
    '99999999999h',
  ])('refuses %o as a duration and says why', (value) => {
    expect(readDuration(value)).toHaveProperty('mistake');
  });

  it('reads no duration at all where that is meaningful', () => {
    expect([0, '0', '0s', '0.0 ms', '2s'].map((value) => readDurationOrZero(value))).toEqual(
      [0, 0, 0, 0, 2e9].map((value) => ({ value })),
    );
    for (const value of [5, '5', '', null, '-0s']) expect(readDurationOrZero(value)).toHaveProperty('mistake');
  });

  it('names the units where one is missing or unknown', () => {
    expect(readDuration(30)).toEqual({ mistake: 'a duration needs a unit (ns, us, ms, s, m, h): for example 30s' });
    expect(readSize('512MB')).toEqual({ mistake: 'MB is not a unit of a size: one of B, K, KiB, M, MiB, G, GiB' });
  });

  it('never takes a property of objects for a unit', () => {
    expect(readDuration('1constructor')).toHaveProperty('mistake');
  });

  it('reads back every whole number of seconds that it is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_000_000 }), (seconds) => {
        expect(readDuration(`${String(seconds)}s`)).toEqual({ value: seconds * 1e9 });
      }),
    );
  });

  it('gives a positive whole number or a mistake for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const reading = readSize(text);
        expect('mistake' in reading || (Number.isSafeInteger(reading.value) && reading.value > 0)).toBe(true);
      }),
    );
  });
});
