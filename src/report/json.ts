import { type Run, run as runSchema } from '../record/run.ts';

/**
 * What `--json` prints: the run as readers see it, in base units.
 * @throws ZodError where the run does not fit its own schema: a defect of tapbench, never of the user
 */
export function jsonReport(run: Run): string {
  return `${JSON.stringify(runSchema.parse(run), null, 2)}\n`;
}
