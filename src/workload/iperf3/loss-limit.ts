import { z } from 'zod';

/** What the limit of a search looks like to editors; spaces are free. */
const pattern = String.raw`^ *loss *<= *\d+(\.\d+)? *% *$`;
const example = 'loss <= 0.1 %';

/** Longer texts are a slip. */
const mostCharacters = 60;

type LossLimitReading = { readonly value: number } | { readonly mistake: string };

/** Reads `loss <= 0.1 %` as a share, 0 to less than 1. */
export function readLossLimit(written: unknown): LossLimitReading {
  const form = `the limit of a search is written as ${example}`;
  if (typeof written !== 'string' || written.length > mostCharacters) return { mistake: form };
  const [, number = '', unit = ''] = /^ *loss *<= *(\d+(?:\.\d+)?) *(%?) *$/.exec(written) ?? [];
  if (number === '') return { mistake: form };
  if (unit === '') return { mistake: `${form}: the % is missing` };
  const share = Number(number) / 100;
  return share < 1 ? { value: share } : { mistake: 'the limit of a search must be under 100 %' };
}

/** The same as users write it. */
export function lossLimitText(share: number): string {
  return `loss <= ${String(Number((share * 100).toPrecision(12)))} %`;
}

/** A share, from text like `loss <= 0.1 %`. */
export const lossLimit = z
  .unknown()
  .transform((value, context): number => {
    const reading = readLossLimit(value);
    if ('value' in reading) return reading.value;
    context.addIssue({ code: 'custom', message: reading.mistake });
    return z.NEVER;
  })
  .meta({ type: 'string', pattern, examples: [example] });
