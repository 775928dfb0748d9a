import type { WorkloadGroup } from '../measurement/figures.ts';
import { searchTable } from '../measurement/search-table.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine } from '../text/table.ts';

/** The steps of each boot's search. */
export function searchLines(group: WorkloadGroup, paint: Paint): string[] {
  return group.measurements.flatMap(({ trial, measurement }) => {
    const table = searchTable(measurement);
    if (table === null) return [];
    const header = table.header.map((title) => title.toUpperCase());
    const rows = table.rows.map((row) => row.map(printable));
    const widths = columnWidths([header, ...rows]);
    const title = `search of ${group.names.join(' ')}, boot ${String(trial.boot)}`;
    return [
      paint.heading(printable(title)),
      `  ${printable(table.outcome)}`,
      paint.faint(`  ${tableLine(header, widths)}`),
      ...rows.map((row) => `  ${tableLine(row, widths)}`),
    ];
  });
}
