import { type Comparison, comparison as comparisonSchema } from '../../record/comparison.ts';
import { jsonText } from '../text/printable.ts';

/**
 * What `compare --format json` prints.
 * @throws ZodError where the comparison does not fit its own schema: a defect of tapbench, never of the user
 */
export function comparisonJson(comparison: Comparison): string {
  return `${jsonText(comparisonSchema.parse(comparison), 2)}\n`;
}
