import { z } from 'zod';
import { folderName, natural } from './bounds.ts';

/** What a figure is of the same figure host to host, which is the host's own stack without a VM, in the same blocks. */
export const ceilingShare = z.strictObject({
  configuration: z.string(),
  workload: z.string(),
  /** Name of the configuration that is its ceiling. */
  ceiling: z.string(),
  /** Name as in docs/comparing.md, such as `latency.p50`. */
  metric: z.string(),
  /** Times the ceiling: the geometric mean over blocks of the ratio within a block; null where no block has both. */
  ratio: z.number().positive().nullable(),
  /** 95 %; null where it can't be had, and `reason` says why. */
  interval: z.strictObject({ low: z.number(), high: z.number() }).nullable(),
  /** Blocks that have both. */
  blocks: natural,
  /** Of each of them, by the trial of the configuration. */
  ratios: z.array(z.strictObject({ trialId: folderName, ratio: z.number().positive() })),
  /** Blocks that have one of the two only: they are left out. */
  unmatchedBlocks: natural,
  reason: z.string().nullable(),
});
export type CeilingShare = z.infer<typeof ceilingShare>;
