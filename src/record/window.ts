import { z } from 'zod';

/** A stretch of the host's CLOCK_MONOTONIC. */
export const window = z.strictObject({
  /** Nanoseconds of CLOCK_MONOTONIC. */
  startNs: z.number().nonnegative(),
  /** Nanoseconds of CLOCK_MONOTONIC; never before `startNs`. */
  endNs: z.number().nonnegative(),
});
export type Window = z.infer<typeof window>;
