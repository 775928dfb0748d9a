import type { Run } from '../../record/run.ts';
import { type ScalingTable, scalingLegend, scalingTables } from '../measurement/scaling-table.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine, tableWidth } from '../text/table.ts';

/** The columns in as many stretches as the terminal needs: each with the first column, and one more at least. */
function stretches(widths: readonly number[], columns: number): number[][] {
  const [label = 0, ...others] = widths;
  const found: number[][] = [];
  for (const index of others.keys()) {
    const last = found.at(-1);
    const place = index + 1;
    const taken = [label, ...(last ?? []).map((one) => widths[one] ?? 0), widths[place] ?? 0];
    if (last === undefined || tableWidth(taken) > columns) found.push([place]);
    else last.push(place);
  }
  return found;
}

function linesOf({ title, header, rows }: ScalingTable, columns: number, paint: Paint): string[] {
  const shown = [header.map((text) => text.toUpperCase()), ...rows.map((row) => row.map(printable))];
  const widths = columnWidths(shown);
  const heading = paint.strong(printable(title === '' ? 'over pairs' : `over pairs, ${title}`));
  const tables = stretches(widths, columns).flatMap((places) =>
    shown.map((row, index) => {
      const cells = [0, ...places].map((place) => row[place] ?? '');
      const line = tableLine(
        cells,
        [0, ...places].map((place) => widths[place] ?? 0),
      );
      return index === 0 ? paint.faint(line) : line;
    }),
  );
  return [heading, ...tables, paint.faint(`  ${scalingLegend}`)];
}

/** What becomes of each figure as pairs are added: a block a table. */
export function scalingBlocks(run: Run, columns: number, paint: Paint): string[][] {
  return scalingTables(run).map((table) => linesOf(table, columns, paint));
}
