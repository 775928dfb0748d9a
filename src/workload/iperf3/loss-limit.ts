import type { QuantityReading } from '../../written/quantity.ts';
import { quantity } from '../../written/value.ts';

/** What the limit of a search looks like to editors; spaces are free. */
const pattern = String.raw`^ *loss *<= *\d+(\.\d+)? *% *$`;
const example = 'loss <= 0.1 %';

/** Longer texts are a slip. */
const mostCharacters = 60;

/** Reads `loss <= 0.1 %` as a share, 0 to less than 1. */
export function readLossLimit(written: unknown): QuantityReading {
  const form = `the limit of a search is written as ${example}`;
  if (typeof written !== 'string' || written.length > mostCharacters) return { mistake: form };
  const [, number = '', unit = ''] = /^ *loss *<= *(\d+(?:\.\d+)?) *(%?) *$/.exec(written) ?? [];
  if (number === '') return { mistake: form };
  if (unit === '') return { mistake: `${form}: the % is missing` };
  const share = Number(number) / 100;
  return share < 1 ? { value: share } : { mistake: 'the limit of a search must be under 100 %' };
}

/** A share, from text like `loss <= 0.1 %`. */
export const lossLimit = quantity(readLossLimit, { type: 'string', pattern, examples: [example] });
