import type { WorkloadGroup } from '../measurement/figures.ts';
import { flowTable } from '../measurement/flow-table.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine } from '../text/table.ts';

/** As many as a screen shows beside all else. */
const mostRows = 16;

/** A block of the flows of a workload; empty where there is one. `isWhole`: however many there are. */
export function flowLines(group: WorkloadGroup, isWhole: boolean, paint: Paint): string[] {
  const table = flowTable(group);
  if (table === null) return [];
  const rows = (isWhole ? table.rows : table.rows.slice(0, mostRows)).map((row) => row.map(printable));
  const left = table.rows.length - rows.length;
  const header = table.header.map((title) => title.toUpperCase());
  const widths = columnWidths([header, ...rows.map((row) => row.slice(0, header.length))]);
  return [
    paint.strong(printable(`flows of ${group.names.join(' ')}`)),
    paint.faint(`  ${tableLine(header, widths)}`),
    ...rows.map((row) => `  ${tableLine(row, widths)}`),
    ...(left > 0 ? [paint.faint(`  and ${String(left)} more: --verbose`)] : []),
  ];
}
