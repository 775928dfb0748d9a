import { type Figure, figure, type Unit, unit } from '../figure.ts';
import type { CallTableReading, CallTotal } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import type { OutputReader, Taken } from './reader.ts';

type Column = keyof CallTotal;

const columnNames: readonly (readonly [title: RegExp, column: Column])[] = [
  [/% time/g, 'timePercent'],
  [/\bseconds\b/g, 'timeNs'],
  [/usecs\/call/g, 'averageNs'],
  [/\bcalls\b/g, 'calls'],
  [/\berrors\b/g, 'errors'],
  [/\bshortest\b/g, 'minNs'],
  [/\blongest\b/g, 'maxNs'],
  [/\bsyscall\b/g, 'name'],
];
const units: Partial<Record<Column, Unit>> = {
  timeNs: unit.seconds,
  averageNs: unit.microseconds,
  minNs: unit.seconds,
  maxNs: unit.seconds,
};
const exact: readonly Column[] = ['calls', 'errors'];
/** `strace -c` without `-U`. */
const usualColumns: readonly Column[] = ['timePercent', 'timeNs', 'averageNs', 'calls', 'errors', 'name'];
const usualRow = /^\s*\d+[.,]\d+\s+\d+[.,]\d{6}\s+(?:\d+\s+\d+\s+(?:\d+\s+)?[a-z_]\w*|\d+\s+total)$/;
const rule = /^\s*-{3,}(?: +-{3,})+$/;
const name = /^(?:[a-z_]\w{0,40}|\d{1,5})$/;
/** Many languages write a comma before decimals, and so does strace there. */
const digits = /^\d+(?:[.,]\d+)?$/;
/** A comma in these would be one between thousands as well. */
const mean = /^\d+(?:\.\d+)?$/;
const count = /^\d+$/;
const gate = /[a-z_\d-]$/;
/** strace says of whom it counts the calls. */
const attached = /^strace: Process \d+ (?:attached(?: with \d+ threads?)?|detached)$/;

/** Reads the table of `strace -c`, with any choice of columns. */
export class StraceSummary implements OutputReader {
  readonly #calls: CallTotal[] = [];
  readonly #names = new Set<string>();
  readonly #lines: number[] = [];
  #columns: readonly Column[] | null = null;
  #total: CallTotal | null = null;
  #isHeaded = false;

  take(line: TextLine): Taken {
    if (!gate.test(line.text)) return 'refused';
    const verdict = this.#read(line);
    if (verdict === 'taken' || verdict === 'weak') this.#lines.push(line.number);
    return verdict;
  }

  #read(line: TextLine): Taken {
    if (attached.test(line.text.trim())) return this.#total === null ? 'weak' : 'new';
    const heading = readHeading(line.text);
    if (heading !== null) {
      if (this.#calls.length > 0) return 'new';
      this.#columns = heading;
      this.#isHeaded = true;
      return 'taken';
    }
    if (rule.test(line.text)) return this.#isHeaded || this.#calls.length > 0 ? 'taken' : 'refused';
    // Without a heading only the usual columns are sure.
    if (this.#columns === null && !usualRow.test(line.text)) return 'refused';
    const row = readRow(line, this.#columns ?? usualColumns);
    if (row === null) return 'refused';
    // A call has one row: the same one again is of a second table, pasted below without its heading.
    if (this.#total !== null || this.#names.has(row.name)) return 'new';
    this.#names.add(row.name);
    if (row.name === 'total') this.#total = this.#totalOf(line) ?? row;
    else this.#calls.push(row);
    return 'taken';
  }

  /**
   * The total row has no mean in some versions, and no errors where there were none: of its whole numbers that one is the calls that the rows above
   * add up to.
   */
  #totalOf({ text, number: line }: TextLine): CallTotal | null {
    const columns = this.#columns ?? usualColumns;
    const cells = text.trim().split(/\s+/);
    const added = this.#calls.reduce((sum, { calls }) => sum + (calls?.value ?? 0), 0);
    const empty: readonly (readonly Column[])[] = [[], ['errors'], ['averageNs'], ['averageNs', 'errors']];
    const fitting = empty
      .map((missing) => columns.filter((column) => !missing.includes(column)))
      .filter((present) => present.length === cells.length)
      .map((present) => rowOf(cells, present, line))
      .filter((row) => row !== null);
    return fitting.find(({ calls }) => calls?.value === added) ?? null;
  }

  finish(): CallTableReading | null {
    if (this.#calls.length === 0 && this.#total === null) return null;
    return {
      kind: 'call-table',
      tool: { name: 'strace', version: null },
      value: { calls: this.#calls, total: this.#total },
      lines: this.#lines,
    };
  }
}

/** The columns of a heading, left to right; null where the line is none. */
function readHeading(text: string): readonly Column[] | null {
  if (!text.includes('syscall') || text.includes('stddev')) return null;
  let rest = text;
  const found: { column: Column; place: number }[] = [];
  for (const [title, column] of columnNames) {
    const place = rest.search(title);
    if (place < 0) continue;
    found.push({ column, place });
    rest = rest.replace(title, (each) => ' '.repeat(each.length));
  }
  if (rest.trim() !== '' || found.length < 2) return null;
  return found.sort((a, b) => a.place - b.place).map(({ column }) => column);
}

function shapeOf(column: Column): RegExp {
  if (column === 'name') return name;
  if (column === 'averageNs') return mean;
  return exact.includes(column) ? count : digits;
}

function rowOf(cells: readonly string[], present: readonly Column[], line: number): CallTotal | null {
  const byColumn = new Map<Column, string>();
  present.forEach((column, place) => byColumn.set(column, cells[place] ?? ''));
  for (const [column, cell] of byColumn) if (!shapeOf(column).test(cell)) return null;
  const called = byColumn.get('name');
  if (called === undefined) return null;
  const of = (column: Column): Figure | null => {
    const cell = byColumn.get(column);
    if (cell === undefined) return null;
    const isExact = exact.includes(column);
    return figure({ digits: cell.replace(',', '.'), line, unit: units[column] ?? unit.one, text: cell, isExact });
  };
  return {
    name: called,
    timePercent: of('timePercent'),
    timeNs: of('timeNs'),
    averageNs: of('averageNs'),
    calls: of('calls'),
    errors: of('errors'),
    minNs: of('minNs'),
    maxNs: of('maxNs'),
  };
}

/** Only the error count may be empty, and in the total the mean: then the row has fewer cells. */
function readRow({ text, number: line }: TextLine, columns: readonly Column[]): CallTotal | null {
  if (text.length > 200) return null;
  const cells = text.trim().split(/\s+/);
  const missing: readonly Column[] = cells.at(-1) === 'total' ? ['errors', 'averageNs'] : ['errors'];
  const least = columns.filter((column) => !missing.includes(column)).length;
  if (cells.length > columns.length || cells.length < least) return null;
  if (cells.length === columns.length) return rowOf(cells, columns, line);
  const present = columns.filter((column) => column !== 'errors');
  return rowOf(
    cells,
    cells.length === present.length ? present : columns.filter((column) => !missing.includes(column)),
    line,
  );
}
