import { z } from 'zod';
import { natural } from './bounds.ts';

/** By how much latency grows where a workload shares its window, against the same requests in a window of their own in the same boot. */
export const loadGrowth = z.strictObject({
  configuration: z.string(),
  /** Under load, and alone. */
  workload: z.string(),
  alone: z.string(),
  /** The others of its window. */
  underLoad: z.array(z.string()).min(1),
  metric: z.enum(['latency.p50', 'latency.p99']),
  /** Times the latency alone: the geometric mean over boots of the ratio within a boot; null where no boot has both. */
  ratio: z.number().nullable(),
  /** 95 %; null where it can't be had, and `reason` says why. */
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  /** Boots that have both. */
  boots: natural,
  reason: z.string().nullable(),
});
export type LoadGrowth = z.infer<typeof loadGrowth>;
