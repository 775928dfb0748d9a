import { z } from 'zod';
import type { RunFilter } from '../store/index/filter.ts';
import { runStatuses } from '../store/run-summary.ts';
import { complain } from './output.ts';

/** What `list`, `export` and `history` take to say which runs are meant. The names of verdicts are those of `record/comparison.ts`, which a list does not wait for. */
export const filterOptions = {
  where: z.array(z.string()).default([]),
  since: z.string().optional(),
  until: z.string().optional(),
  tag: z.array(z.string()).default([]),
  status: z.enum(runStatuses).optional(),
  verdict: z.enum(['better', 'worse', 'same', 'cannot-tell']).optional(),
};

type FilterOptions = z.infer<z.ZodObject<typeof filterOptions>>;

export function filterOf({ where, since, until, tag, status, verdict }: FilterOptions): RunFilter {
  return { where, since, until, tags: tag, status, verdict };
}

/** Whether a filter leaves any run out. */
export function isFilter({ where, since, until, tags, status, verdict }: RunFilter): boolean {
  const named = [since, until, status, verdict].some((one) => one !== undefined);
  return named || (where ?? []).length > 0 || (tags ?? []).length > 0;
}

export function notice(text: string): void {
  complain(`tapbench: ${text}`);
}
