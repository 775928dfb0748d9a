import type { Run } from '../../record/run.ts';
import { growthTable } from '../measurement/growth-table.ts';
import { markdownTable, markdownText } from './escape.ts';

/** By how much round trips grow under load; nothing where that was not measured. */
export function growthBlocks(run: Run): string[] {
  const table = growthTable(run);
  if (table === null) return [];
  const rows = table.rows.map((row) => row.map(markdownText));
  const how =
    'How much longer round trips take under load (geometric mean over boots of the ratio within a boot, with its 95 % interval):';
  return [how, markdownTable(table.header, rows), ...table.reasons];
}
