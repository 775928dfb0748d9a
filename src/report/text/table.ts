import { withoutTerminalCodes } from '../../record/terminal-codes.ts';

/** Spaces between two columns. */
const gap = 2;

/** Columns that a text takes on a terminal: its characters without SGR codes. */
export function widthOf(text: string): number {
  return Array.from(withoutTerminalCodes(text)).length;
}

export type Alignment = 'left' | 'right';

function padded(text: string, width: number, alignment: Alignment): string {
  const spaces = ' '.repeat(Math.max(0, width - widthOf(text)));
  return alignment === 'left' ? text + spaces : spaces + text;
}

/** Widths of the columns of a table: those of their widest cells. */
export function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  }
  return widths;
}

/** Columns that a table of these widths takes. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}

/** One line of a table, without trailing spaces. */
export function tableLine(
  row: readonly string[],
  widths: readonly number[],
  alignments: readonly Alignment[] = [],
): string {
  const cells = row.map((cell, column) => padded(cell, widths[column] ?? 0, alignments[column] ?? 'left'));
  return cells.join(' '.repeat(gap)).trimEnd();
}

/** Lines of a table whose columns are as wide as their widest cells. */
export function tableLines(rows: readonly (readonly string[])[], alignments: readonly Alignment[] = []): string[] {
  const widths = columnWidths(rows);
  return rows.map((row) => tableLine(row, widths, alignments));
}

export interface Indent {
  /** Before the first line. */
  readonly first: string;
  /** Before the others. */
  readonly rest: string;
}

/** Words broken into lines of at most `columns`; a word that is longer stands alone. */
export function wrapped(words: readonly string[], columns: number, indent: Indent): string[] {
  const lines: string[] = [];
  let line = indent.first;
  let isEmpty = true;
  for (const word of words) {
    if (!isEmpty && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = indent.rest;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((each) => each.trimEnd());
}
