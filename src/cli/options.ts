import { z } from 'zod';
import { TapbenchError } from '../record/error.ts';

/** What commander gives, by its own rules of names; checked once, here. */
export function readOptions<T>(schema: z.ZodType<T>, options: unknown): T {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  throw new TapbenchError('USAGE', z.prettifyError(result.error));
}

export const storeOptions = z.object({ store: z.string().optional(), json: z.boolean().default(false) });
