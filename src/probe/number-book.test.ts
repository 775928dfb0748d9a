import { expect, it } from 'vitest';
import { NumberBook } from './number-book.ts';

it('numbers of threads are known both ways once they are noted', () => {
  const book = new NumberBook();
  book.note(7, 40_007);
  expect([book.has(7), book.outer(7), book.inner(40_007)]).toEqual([true, 40_007, 7]);
});

it('a thread that was not noted is taken for no other, and always for the same', () => {
  const book = new NumberBook();
  book.note(7, 40_007);
  book.note(9, 7);
  expect(book.has(8)).toBe(false);
  // The largest number that the kernel gives is 2^22 - 1.
  expect(book.outer(8)).toBeGreaterThanOrEqual(2 ** 22);
  const [first, second] = [book.inner(8), book.inner(10)];
  expect(new Set([first, second, 7, 9]).size).toBe(4);
  // A key has 22 bits for it.
  expect(Math.max(first, second)).toBeLessThan(2 ** 22);
  expect(book.inner(8)).toBe(first);
});
