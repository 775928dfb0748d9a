import { z } from 'zod';
import { mostMachines, placeName } from './place-names.ts';

/** `void`: the number must not be used; `doubt`: read it with care; `note`: good to know. */
export const findingLevel = z.enum(['void', 'doubt', 'note']);

/** The verdict of one audit on one measurement. */
export const finding = z.strictObject({
  level: findingLevel,
  /** Name of the audit (its file's name in `src/audit/`). */
  audit: z.string(),
  /** One sentence with the numbers that it rests on. */
  message: z.string(),
  /** Which figures of the measurement it speaks of: only these are voided. */
  concerns: z.array(z.enum(['throughput', 'latency', 'systemCalls', 'cost', 'all'])).min(1),
  /** Names of the flows or machines that it was found of, where there are several; absent: of the whole. */
  of: z.array(placeName).max(mostMachines).optional(),
});
export type Finding = z.infer<typeof finding>;
