import { expect, it } from 'vitest';
import { pairedRatio } from './paired-ratio.ts';

const seed = 1;

it('is the geometric mean, and inverts with the ratios', () => {
  const up = pairedRatio([2, 8, 4], { seed });
  const down = pairedRatio([1 / 2, 1 / 8, 1 / 4], { seed });
  expect(up.value).toBeCloseTo(4, 12);
  expect(down.value).toBeCloseTo(1 / 4, 12);
  expect(up.interval?.low).toBeLessThan(4);
  expect(up.interval?.high).toBeGreaterThan(4);
});

it('may lie below 1 where every pair lies above', () => {
  // By hand: logarithms 0.0953, 1.0986 and 2.9957, mean 1.3966, Student's t (2 degrees, 4.303) times 0.8503: [0.104, 157].
  const { value, interval } = pairedRatio([1.1, 3, 20], { seed });
  expect(value).toBeCloseTo(4.041, 2);
  expect(interval?.low).toBeLessThan(0.5);
  expect(interval?.high).toBeGreaterThan(20);
});

it('has no interval of two pairs, and says why', () => {
  expect(pairedRatio([2, 3], { seed })).toMatchObject({
    interval: null,
    boots: 2,
    reason: 'An interval needs 3 boots, and there are 2.',
  });
});
