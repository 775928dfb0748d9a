import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lossLimitText } from '../../record/rate-search.ts';
import { lossLimit } from './loss-limit.ts';

const read = (written: unknown): unknown => {
  const result = lossLimit.safeParse(written);
  return result.success ? result.data : result.error.issues.map(({ message }) => message).join();
};

describe('the limit of a search', () => {
  it.each([
    ['loss <= 0.1 %', 0.001],
    ['loss<=0.1%', 0.001],
    ['  loss  <=  5  %  ', 0.05],
    ['loss <= 0 %', 0],
  ])('%j', (written, share) => {
    expect(read(written)).toBeCloseTo(share, 12);
  });

  it.each([
    ['loss <= 0.1', 'the limit of a search is written as loss <= 0.1 %: the % is missing'],
    ['loss < 0.1 %', 'the limit of a search is written as loss <= 0.1 %'],
    ['loss = 0.1 %', 'the limit of a search is written as loss <= 0.1 %'],
    ['latency <= 1 %', 'the limit of a search is written as loss <= 0.1 %'],
    ['loss <= -1 %', 'the limit of a search is written as loss <= 0.1 %'],
    ['loss <= 1e-3 %', 'the limit of a search is written as loss <= 0.1 %'],
    ['', 'the limit of a search is written as loss <= 0.1 %'],
    [0.001, 'the limit of a search is written as loss <= 0.1 %'],
    [{}, 'the limit of a search is written as loss <= 0.1 %'],
    ['loss <= 100 %', 'the limit of a search must be under 100 %'],
    [`loss <= ${'9'.repeat(1000)} %`, 'the limit of a search is written as loss <= 0.1 %'],
  ])('%j is refused', (written, message) => {
    expect(read(written)).toBe(message);
  });

  it('is read back as it was written', () => {
    const written = fc.integer({ min: 0, max: 99_999 }).map((thousandths) => thousandths / 100_000);
    fc.assert(
      fc.property(written, (share) => {
        expect(read(lossLimitText(share))).toBeCloseTo(share, 12);
      }),
    );
  });
});
