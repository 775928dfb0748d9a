import type { Run } from '../../record/run.ts';
import { ceilingTable } from '../measurement/ceiling-table.ts';
import { type WorkloadGroup, workloadGroups } from '../measurement/figures.ts';
import type { Paint } from '../text/paint.ts';
import { printable } from '../text/printable.ts';
import { columnWidths, tableLine, tableWidth, wrapped } from '../text/table.ts';
import { findingLines } from './findings.ts';

const measuredColumn = 2;

function withoutNotes(group: WorkloadGroup): WorkloadGroup {
  const measurements = group.measurements.map(({ trial, measurement }) => {
    const findings = measurement.findings.filter(({ level }) => level !== 'note');
    return { trial, measurement: { ...measurement, findings } };
  });
  return { ...group, measurements };
}

/** What the audits found wrong with the ceilings themselves: their notes are in the document. */
function ownFindings(run: Run, columns: number, paint: Paint): string[] {
  return workloadGroups(run).flatMap((group) => {
    const lines = group.isCeiling ? findingLines(withoutNotes(group), { columns, paint, isShort: false }) : [];
    return lines.length === 0 ? [] : [paint.faint(printable(group.names.join(' '))), ...lines];
  });
}

/** The figures beside those of the same work host to host; empty where nothing has a ceiling. */
export function ceilingLines(run: Run, columns: number, paint: Paint): string[] {
  const table = ceilingTable(run, false);
  if (table === null) return [];
  const rows = table.rows.map(([name, ...cells], index) => [table.rows[index - 1]?.[0] === name ? '' : name, ...cells]);
  const header = table.header.map((title) => title.toUpperCase());
  const all = [header, ...rows].map((row) => row.map(printable));
  // What was measured stands above, too.
  const isNarrow = tableWidth(columnWidths(all)) > columns;
  const shown = isNarrow ? all.map((row) => row.toSpliced(measuredColumn, 1)) : all;
  const widths = columnWidths(shown);
  const [head = [], ...lines] = shown;
  return [
    paint.heading('Against the ceiling: the same work host to host, without a VM'),
    ...(lines.length === 0 ? [] : [paint.faint(tableLine(head, widths))]),
    ...lines.map((row) => tableLine(row, widths)),
    ...table.reasons.flatMap((reason) =>
      wrapped(printable(reason).split(' '), columns, { first: '  ', rest: '    ' }).map(paint.faint),
    ),
    ...ownFindings(run, columns, paint),
  ];
}
