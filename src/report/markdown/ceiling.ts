import type { Run } from '../../record/run.ts';
import { ceilingTable } from '../measurement/ceiling-table.ts';
import { markdownTable, markdownText } from './escape.ts';

/** The figures beside those of the same work host to host; nothing where nothing has a ceiling. */
export function ceilingBlocks(run: Run): string[] {
  const table = ceilingTable(run, true);
  if (table === null) return [];
  const rows = table.rows.map((row) => row.map(markdownText));
  const how =
    "Against the ceiling: the same work host to host through veth, without a VM, in the same blocks. It is what the host's own stack gives (means over boots; of the ceiling the geometric mean over blocks of the ratio within a block, with its 95 % interval):";
  return [how, ...(rows.length === 0 ? [] : [markdownTable(table.header, rows)]), ...table.reasons.map(markdownText)];
}
