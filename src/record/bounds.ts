import { z } from 'zod';
import { folderNamePattern } from './folder-name.ts';

/**
 * Range of every count and quantity of a record, in base units: nothing that is measured is near either end. Sums, squares and quotients of any of them are
 * still numbers.
 */
const most = 1e30;
const least = 1e-30;

/** Of a list with a million wrong values the first is enough: zod goes on behind a check unless it is told not to. */
const abort = true;

/** 0, or a number in range. */
export const count = z
  .number()
  .nonnegative({ abort })
  .refine((value) => value === 0 || (value >= least && value <= most), { message: 'a number out of range', abort });

/** The same where it may be negative, such as a difference. */
export const signedCount = z
  .number()
  .refine((value) => value === 0 || (Math.abs(value) >= least && Math.abs(value) <= most), {
    message: 'a number out of range',
    abort,
  });

export const integer = z.int({ abort });
export const natural = integer.nonnegative({ abort });
export const positive = integer.positive({ abort });

/** Of blocks, boots and attempts: no run has as many. */
export const ordinal = positive.max(1_000_000, { abort });

/**
 * A name that stands in each row of a table, and is escaped there letter by letter: of a run, a configuration, a thread. The kernel gives threads 15
 * characters, we give no name more than 200; lab notes may have others.
 */
export const name = z.string().max(1_000, { abort });

/** ISO 8601 in UTC, as `Date` prints it. */
export const moment = z.iso.datetime({ abort });

export const folderName = z.string().regex(folderNamePattern, { message: 'no id that tapbench gives', abort });
