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
/** Old versions divide by the time of all calls where that is zero. */
const share = /^(?:\d+(?:[.,]\d+)?|-?nan)$/;
const gate = /[a-z_\d-]$/;
/** ltrace counts calls of libraries in rows of the same shape. */
const ofLibraries = /^\s*% time\s+seconds\s+usecs\/call\s+calls\s+function\s*$/;
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
  #isOfLibraries = false;

  take(line: TextLine): Taken {
    if (this.#columns === null && !gate.test(line.text) && !line.text.includes('syscall')) return 'refused';
    const verdict = this.#read(line);
    if (verdict === 'taken' || verdict === 'weak') this.#lines.push(line.number);
    return verdict;
  }

  #read(line: TextLine): Taken {
    if (attached.test(line.text.trim())) return this.#total === null ? 'weak' : 'new';
    if (this.#passLibraries(line.text)) return 'refused';
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
    const columns = this.#columns ?? usualColumns;
    const own = this.#columns === null ? line : withoutRemark(line, columns);
    const row = lastWord(own.text) === 'total' ? this.#totalOf(own) : readRow(own, columns);
    if (row === null) return 'refused';
    // A call has one row: the same one again is of a second table, pasted below without its heading.
    if (this.#total !== null || this.#names.has(row.name)) return 'new';
    this.#names.add(row.name);
    if (row.name === 'total') this.#total = row;
    else this.#calls.push(row);
    return 'taken';
  }

  /** @returns whether the line is of a table of ltrace, which ends with its total or with a heading of strace */
  #passLibraries(text: string): boolean {
    const isInside = ofLibraries.test(text) || (this.#isOfLibraries && readHeading(text) === null);
    this.#isOfLibraries = isInside && lastWord(text) !== 'total';
    return isInside;
  }

  /**
   * The total row has no mean in some versions, and no errors where there were none: which of its whole numbers is which
   * must follow from the rows above and from the numbers themselves.
   *
   * @returns null where it does not
   */
  #totalOf({ text, number: line }: TextLine): CallTotal | null {
    const columns = this.#columns ?? usualColumns;
    // The sign of a quote before it.
    const cells = text.replace(/^\s*>/, '').trim().split(/\s+/);
    const added = this.#calls.reduce((sum, { calls }) => sum + (calls?.value ?? 0), 0);
    const empty: readonly (readonly Column[])[] = [[], ['errors'], ['averageNs'], ['averageNs', 'errors']];
    const readings = empty
      .filter((missing) => missing.every((column) => columns.includes(column)))
      .map((missing) => columns.filter((column) => !missing.includes(column)))
      .filter((present) => present.length === cells.length)
      .map((present) => rowOf(cells, present, line))
      .filter((row) => row !== null);
    const fitting = readings.find(({ calls }) => calls?.value === added);
    if (fitting !== undefined || readings.length === 1) return fitting ?? readings[0] ?? null;
    const possible = readings.filter((row) => isPossibleTotal(row, added));
    return possible.length === 1 ? (possible[0] ?? null) : null;
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

/** Means are rounded down. */
const meanWithinNs = 1001;

/** Rows may be cut out above a total, but none has more calls than all of them; and its numbers are of each other. */
function isPossibleTotal({ calls, errors, averageNs, timeNs }: CallTotal, added: number): boolean {
  if (calls === null || calls.value < added || (errors?.value ?? 0) > calls.value) return false;
  if (averageNs === null || timeNs === null || calls.value === 0) return true;
  return Math.abs(timeNs.value / calls.value - averageNs.value) <= meanWithinNs;
}

function lastWord(text: string): string | undefined {
  return text.trim().split(/\s+/).at(-1);
}

/** What people write behind the name of a call. */
const remarked = /^(\s*(?:\d[\d.,]*\s+)+[a-z_]\w{0,40})(?:\s{2,}|\s+(?=--|#|\/\/|<-|\(|[^\0-\x7f]))\S.*$/;

/** The row of a table whose last column is the name, without what somebody wrote behind it. */
function withoutRemark(line: TextLine, columns: readonly Column[]): TextLine {
  const row = columns.at(-1) === 'name' && line.text.length <= longestRow ? remarked.exec(line.text)?.[1] : undefined;
  return row === undefined ? line : { number: line.number, text: row };
}

const longestRow = 200;

/** strace's own heading; behind its last column somebody may have named one of their own. */
const ownHeading = /^(\s*% time\s.*\bsyscall)(?:\s{2,}|\s(?=[^\0-\x7f]))\S.*$/;

/** The columns of a heading, left to right; null where the line is none. */
function readHeading(text: string): readonly Column[] | null {
  if (!text.includes('syscall') || text.includes('stddev') || text.length > longestRow) return null;
  let rest = ownHeading.exec(text)?.[1] ?? text;
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
  if (column === 'timePercent') return share;
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
    if (cell === undefined || cell.endsWith('nan')) return null;
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

/** Only the error count may be empty: then the row has fewer cells. */
function readRow({ text, number: line }: TextLine, columns: readonly Column[]): CallTotal | null {
  if (text.length > longestRow) return null;
  const cells = text.trim().split(/\s+/);
  if (cells.length === columns.length) return rowOf(cells, columns, line);
  const present = columns.filter((column) => column !== 'errors');
  return cells.length === present.length ? rowOf(cells, present, line) : null;
}
