import { describe, expect, it } from 'vitest';
import { type VerdictInput, verdictOf } from './verdict.ts';

function inputOf(
  change: Partial<VerdictInput> & { readonly value?: number | null; readonly low?: number; readonly high?: number },
): VerdictInput {
  const { value = 1.06, low, high, ...rest } = change;
  const interval = low === undefined || high === undefined ? null : { low, high };
  return {
    ratio: { value, interval, plainDirection: null, reason: null },
    adjustedPValue: 0.01,
    threshold: 0.03,
    betterIs: 'higher',
    boots: { baseline: 6, candidate: 6 },
    ...rest,
  };
}

describe('verdictOf', () => {
  it('says better or worse by the direction of the metric', () => {
    const up = { value: 1.06, low: 1.02, high: 1.1 };
    const down = { value: 0.94, low: 0.9, high: 0.98 };
    expect(verdictOf(inputOf(up)).verdict).toBe('better');
    expect(verdictOf(inputOf({ ...up, betterIs: 'lower' })).verdict).toBe('worse');
    expect(verdictOf(inputOf(down)).verdict).toBe('worse');
    expect(verdictOf(inputOf({ ...down, betterIs: 'lower' })).verdict).toBe('better');
    expect(verdictOf(inputOf(up)).reason).toBe('The difference is shown, and is 6 %.');
  });

  it('says same only where the whole interval lies inside the threshold, in both directions alike', () => {
    expect(verdictOf(inputOf({ value: 1, low: 1 / 1.03, high: 1.03 })).verdict).toBe('same');
    expect(verdictOf(inputOf({ value: 1, low: 0.9701, high: 1.02, adjustedPValue: 0.9 })).verdict).toBe('cannot-tell');
    expect(verdictOf(inputOf({ value: 1, low: 0.98, high: 1.031, adjustedPValue: 0.9 })).verdict).toBe('cannot-tell');
  });

  it('says same of a small change even where the test finds it', () => {
    expect(verdictOf(inputOf({ value: 1.01, low: 1.005, high: 1.015 })).verdict).toBe('same');
  });

  it.each([
    [
      'a change that is there but below the threshold',
      { value: 1.025, low: 1.01, high: 1.04 },
      "A change is there, but whether it reaches 3 % can't be told.",
    ],
    [
      'no difference with a wide interval',
      { value: 1.06, low: 0.98, high: 1.14, adjustedPValue: 0.2 },
      'No difference is shown, but the interval is too wide to call them the same within 3 %.',
    ],
    [
      'too few boots for any test',
      { value: 1.3, low: 1.1, high: 1.5, adjustedPValue: 0.1, boots: { baseline: 3, candidate: 3 } },
      "Too few boots: 3 against 3 can't give a p-value under 0.1.",
    ],
    [
      'a p-value that only the family takes away',
      { value: 1.06, low: 1.01, high: 1.11, adjustedPValue: 0.06 },
      'The interval excludes no change, but after allowing for all the metrics compared the p-value is not under 0.05.',
    ],
    [
      'an interval that does not bear the test out',
      { value: 1.06, low: 0.99, high: 1.13 },
      'The test shows a difference, but the interval includes no change.',
    ],
    ['no p-value', { value: 1.06, low: 0.99, high: 1.13, adjustedPValue: null }, 'There is no p-value.'],
  ])('cannot tell of %s, and says so', (_, change, reason) => {
    expect(verdictOf(inputOf(change))).toEqual({ verdict: 'cannot-tell', reason });
  });

  it('goes by the test alone where no boot of a side differs from the others', () => {
    const constant = { value: 1.25, interval: null, plainDirection: 'up', reason: 'No spread.' } as const;
    expect(verdictOf(inputOf({ ratio: constant, betterIs: 'lower' })).verdict).toBe('worse');
    expect(verdictOf(inputOf({ ratio: constant, adjustedPValue: 0.06 })).verdict).toBe('cannot-tell');
    expect(verdictOf(inputOf({ ratio: { ...constant, value: 1.01 } })).verdict).toBe('cannot-tell');
    expect(verdictOf(inputOf({ ratio: { ...constant, value: 1, plainDirection: null } }))).toEqual({
      verdict: 'cannot-tell',
      reason: 'No spread.',
    });
  });

  it('goes by the test alone where one side is always 0', () => {
    const toZero = {
      value: null,
      interval: null,
      plainDirection: 'down',
      reason: 'The candidate is 0 in every boot, and the baseline is not.',
    } as const;
    expect(verdictOf(inputOf({ ratio: toZero, betterIs: 'lower' })).verdict).toBe('better');
    expect(verdictOf(inputOf({ ratio: toZero, adjustedPValue: null })).verdict).toBe('cannot-tell');
  });
});
