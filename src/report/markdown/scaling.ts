import type { Run } from '../../record/run.ts';
import { scalingLegend, scalingTables } from '../measurement/scaling-table.ts';
import { markdownTable, markdownText } from './escape.ts';

/** What becomes of each figure as pairs are added; nothing where only one number of them was measured. */
export function scalingBlocks(run: Run): string[] {
  return scalingTables(run).flatMap(({ title, header, rows }) => [
    `Over the number of pairs${title === '' ? '' : `, ${markdownText(title)}`} (${scalingLegend}):`,
    markdownTable(
      header,
      rows.map((row) => row.map(markdownText)),
    ),
  ]);
}
