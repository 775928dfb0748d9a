import { paint as paintOf } from './text/paint.ts';
import { printable } from './text/printable.ts';
import { type Alignment, columnWidths, tableLine, tableWidth } from './text/table.ts';
import { formatCount, formatTime } from './text/units.ts';

/** How often one thread made one system call. */
export interface TraceRow {
  readonly thread: string;
  /** null: nothing is known of this process's threads. */
  readonly role: string | null;
  readonly call: string;
  /** Of an ioctl; null for every other call. */
  readonly request: string | null;
  readonly count: number;
  /** Between entry and exit, summed; null without timing. */
  readonly timeNs: number | null;
}

export interface TraceOptions {
  /** What stands above the table: `total`, `interval 3`. */
  readonly title: string;
  /** Length of what was traced, ns: for calls a second. */
  readonly durationNs: number;
  readonly columns: number;
  readonly isColor: boolean;
}

/** A cell cut to a width; the end of a call's name matters less than the table. */
function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, Math.max(1, width - 3)).join('')}...`;
}

/** Narrowest that a call's name is cut to. */
const leastCallWidth = 12;

/** A table of `tapbench trace`: threads with their calls, most frequent first. Ends in a newline. */
export function traceReport(rows: readonly TraceRow[], options: TraceOptions): string {
  const paint = paintOf(options.isColor);
  const seconds = options.durationNs / 1e9;
  const title = `${paint.heading(options.title)}${paint.faint(`  ${formatTime(options.durationNs)}`)}`;
  if (rows.length === 0) return `${title}\n  no system calls\n`;
  const hasRole = rows.some((row) => row.role !== null);
  const hasTime = rows.some((row) => row.timeNs !== null);
  const line = (cells: { thread: string; role: string; call: string; numbers: string[]; time: string[] }) => [
    cells.thread,
    ...(hasRole ? [cells.role] : []),
    cells.call,
    ...cells.numbers,
    ...(hasTime ? cells.time : []),
  ];
  const header = line({
    thread: 'THREAD',
    role: 'ROLE',
    call: 'CALL',
    numbers: ['COUNT', 'PER SECOND'],
    time: ['TIME', 'EACH'],
  });
  const sorted = [...rows].sort((a, b) => (a.thread === b.thread ? b.count - a.count : a.thread < b.thread ? -1 : 1));
  const body = sorted.map((row, index) =>
    line({
      thread: sorted[index - 1]?.thread === row.thread ? '' : printable(row.thread),
      role: sorted[index - 1]?.thread === row.thread ? '' : (row.role ?? ''),
      call: printable(row.request === null ? row.call : `${row.call} ${row.request}`),
      numbers: [formatCount(row.count), seconds > 0 ? formatCount(row.count / seconds) : ''],
      time:
        row.timeNs === null
          ? ['', '']
          : [formatTime(row.timeNs), row.count === 0 ? '' : formatTime(row.timeNs / row.count)],
    }),
  );
  const callColumn = hasRole ? 2 : 1;
  const widths = columnWidths([header, ...body]);
  const excess = tableWidth(widths) - options.columns;
  const callWidth = Math.max(leastCallWidth, (widths[callColumn] ?? 0) - Math.max(0, excess));
  const fitted = body.map((row) => row.map((cell, column) => (column === callColumn ? cut(cell, callWidth) : cell)));
  widths[callColumn] = Math.min(widths[callColumn] ?? 0, callWidth);
  const alignments: Alignment[] = header.map((_, column) => (column > callColumn ? 'right' : 'left'));
  return [
    title,
    paint.faint(tableLine(header, widths, alignments)),
    ...fitted.map((row) => tableLine(row, widths, alignments)),
    '',
  ].join('\n');
}
