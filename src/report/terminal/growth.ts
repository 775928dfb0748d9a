import type { Run } from '../../record/run.ts';
import { growthTable } from '../measurement/growth-table.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine } from '../text/table.ts';

/** By how much round trips grow under load; empty where that was not measured. */
export function growthLines(run: Run, paint: Paint): string[] {
  const table = growthTable(run);
  if (table === null) return [];
  const rows = table.rows.map((row) => row.map(printable));
  const header = table.header.map((title) => title.toUpperCase());
  const widths = columnWidths([header, ...rows]);
  return [
    paint.faint(tableLine(header, widths)),
    ...rows.map((row) => tableLine(row, widths)),
    ...table.reasons.map((reason) => paint.faint(`  ${reason}`)),
  ];
}
