import { z } from 'zod';
import type { NotedWorkload } from '../workload.ts';

const notedUnknown = z.strictObject({ kind: z.literal('unknown'), name: z.string().min(1), durationNs: z.null() });

const work = 'work that is not said';

/** Counts of system calls of which a lab note does not say what ran. */
export const unknown = {
  kind: 'unknown',
  noted: notedUnknown,
  figures: () => [],
  transfer: () => null,
  requests: () => null,
  asked: () => null,
  settings: () => ['what ran is not said'],
  deed: () => ({ ofClient: `, ${work}`, ofServer: `, ${work}`, alone: work }),
  remark: () => null,
  variant: () => '',
  printed: () => ({ lines: [], listed: [] }),
  repeatable: () => ({ impossible: 'the note does not say what ran while the calls were counted' }),
} satisfies NotedWorkload<z.infer<typeof notedUnknown>>;
