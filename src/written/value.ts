import { z } from 'zod';
import {
  type QuantityReading,
  quantityPatterns,
  readDuration,
  readDurationOrZero,
  readRate,
  readSize,
} from './quantity.ts';

/**
 * A strict object. The message of its `unrecognized_keys` issue is the list of its keys, separated by spaces:
 * `issue.ts` makes the sentence, with the nearest of them.
 */
export function closed<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(' ');
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined) });
}

/** Text with a unit, read into its base unit. `form` is what the JSON Schema says of it. */
export function quantity(read: (value: unknown) => QuantityReading, form: Readonly<Record<string, unknown>>) {
  return z
    .unknown()
    .transform((value, context): number => {
      const reading = read(value);
      if ('value' in reading) return reading.value;
      context.addIssue({ code: 'custom', message: reading.mistake });
      return z.NEVER;
    })
    .meta({ ...form });
}

const durationForm = { type: 'string', pattern: quantityPatterns.duration, examples: ['500ms', '30s', '2m'] };

/** Nanoseconds, more than 0. */
export const duration = quantity(readDuration, durationForm);
/** Nanoseconds; `0` needs no unit. */
export const durationOrZero = quantity(readDurationOrZero, { anyOf: [durationForm, { const: 0 }] });
/** Bytes. */
export const size = quantity(readSize, {
  type: 'string',
  pattern: quantityPatterns.size,
  examples: ['64K', '512M', '1G'],
});
/** Bits per second. */
export const rate = quantity(readRate, {
  type: 'string',
  pattern: quantityPatterns.rate,
  examples: ['100Mbit/s', '10Gbit/s'],
});

const secondNs = 1e9;

/** iperf3 and sockperf take `-t` as whole seconds: both read it as an integer, and 0 is refused or means no end. */
export function wholeSeconds(maximumSeconds: number, of: typeof duration = duration) {
  return of.superRefine((durationNs, context) => {
    if (durationNs % secondNs !== 0)
      context.addIssue({ code: 'custom', message: 'must be whole seconds: the tools take no fractions' });
    else if (durationNs > maximumSeconds * secondNs) {
      context.addIssue({ code: 'custom', message: `must be at most ${String(maximumSeconds)}s` });
    }
  });
}

/** Names become parts of file names and of `--set` paths. */
export const workloadName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must be a letter, then letters, digits, - or _ (64 at most)');

/** YAML 1.2 reads `on` and `off` as text. */
const switchWords: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['on', true],
  ['off', false],
  [true, true],
  [false, false],
]);

/** `on` or `off`; `true` and `false` mean the same. */
export const onOff = z
  .unknown()
  .transform((value, context): boolean => {
    const isOn = switchWords.get(value);
    if (isOn !== undefined) return isOn;
    context.addIssue({ code: 'invalid_value', values: ['on', 'off'], input: value });
    return z.NEVER;
  })
  .meta({ enum: ['on', 'off', true, false] });

/** Checks a value by the schema that `choose` takes for it, so that its mistakes are those of that schema. */
export function chosenSchema<T>(choose: (value: unknown) => z.ZodType<T>) {
  return z.unknown().transform((value, context): T => {
    const result = choose(value).safeParse(value, { reportInput: true });
    if (result.success) return result.data;
    // What zod gives as an issue it also takes as one; only its types tell the two apart.
    context.issues.push(...result.error.issues.map((issue) => issue as z.core.$ZodRawIssue));
    return z.NEVER;
  });
}
