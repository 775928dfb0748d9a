import type { z } from 'zod';

/** Up to this size of its JSON all that is wrong with a value is found: a larger one may have a million mistakes, of which each takes some 600 bytes. */
const mostBytesToldOf = 262_144;
/** Wrong paths that a message names. */
const mostPaths = 5;

type Checked<T> = { readonly data: T } | { readonly problem: string; readonly cause: unknown };

/**
 * A value by its schema, or what is wrong with it at which path, in one line.
 * @param bytes of the JSON that it is from
 */
export function checkedValue<T>(schema: z.ZodType<T>, value: unknown, bytes: number): Checked<T> {
  if (bytes > mostBytesToldOf && !schema.validate(value))
    return { problem: 'it does not fit the schema', cause: undefined };
  const result = schema.safeParse(value);
  if (result.success) return { data: result.data };
  const { issues } = result.error;
  const paths = issues.slice(0, mostPaths).map((issue) => `${issue.path.join('.') || '(root)'}: ${issue.message}`);
  const more = issues.length > mostPaths ? [`and ${String(issues.length - mostPaths)} more`] : [];
  return { problem: [...paths, ...more].join('; '), cause: result.error };
}
