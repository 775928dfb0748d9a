import type { z } from 'zod';
import { ParseError } from './error.ts';

/** What was read, as its schema has it. `file`: what the error calls it. @throws ParseError at the first place that does not fit */
export function fitted<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = ['$', ...(issue?.path.map(String) ?? [])].join('.');
  throw new ParseError({ file, path }, issue?.message ?? 'does not fit', { cause: result.error });
}
