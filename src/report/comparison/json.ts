import { type Comparison, comparison as comparisonSchema } from '../../record/comparison.ts';

/**
 * What `compare --format json` prints.
 * @throws ZodError where the comparison does not fit its own schema: a defect of tapbench, never of the user
 */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify(comparisonSchema.parse(comparison), null, 2)}\n`;
}
