import { z } from 'zod';
import { count } from './bounds.ts';

/** A stretch of the host's CLOCK_MONOTONIC. */
export const window = z.strictObject({
  /** Nanoseconds of CLOCK_MONOTONIC. */
  startNs: count,
  /** Nanoseconds of CLOCK_MONOTONIC; never before `startNs`. */
  endNs: count,
});
export type Window = z.infer<typeof window>;
