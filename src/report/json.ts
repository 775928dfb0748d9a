import { type Run, run as runSchema } from '../record/run.ts';
import { jsonText } from './text/printable.ts';

/**
 * What `--json` prints: the run as readers see it, in base units.
 * @throws ZodError where the run does not fit its own schema: a defect of tapbench, never of the user
 */
export function jsonReport(run: Run): string {
  return `${jsonText(runSchema.parse(run), 2)}\n`;
}
