import { ParseError } from '../../../record/error.ts';

const zero = 0x30;
const nine = 0x39;
const newline = 0x0a;
const space = 0x20;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;

/** Columns of a row: `packet, txTime(sec), rxTime(sec), latency(usec)`. */
const packetColumn = 0;
const latencyColumn = 3;
/** Times have nine digits after the dot, the latency three: read without the dot, all are whole nanoseconds. */
const timeDigits = 9;
const latencyDigits = 3;
/** The two times are cut to whole ns each and the half round trip is rounded: src/client.cpp `dumpFullLog`. */
const roundingNs = 2;

/** In the place of a number of digits. */
const endOfTable = -1;

/** What the errors call the log. */
export const fullLogName = 'sockperf --full-log';

/**
 * Reads the rows of sockperf's table of messages byte by byte, in chunks cut anywhere: no strings are made, for a log may be of a gigabyte.
 * The table ends with a line of dashes.
 */
export class RowScanner {
  /** Round trips in ns, in the order of the rows; filled up to `rows`. */
  readonly roundTripsNs: Float64Array;
  rows = 0;
  /** The line of dashes came. */
  isEnded = false;
  #column = packetColumn;
  /** The columns of this row as whole numbers. A typed array, because a double in a field of an object is a new heap object at each write. */
  readonly #columns = new Float64Array(latencyColumn + 1);
  /** Digits read so far since the start of the column, or since its dot. */
  #digits = 0;
  #hasDot = false;

  /** `messages`: how many rows there must be. */
  constructor(messages: number) {
    this.roundTripsNs = new Float64Array(messages);
  }

  /**
   * Goes on where the last chunk ended; does nothing after the end of the table.
   * @throws ParseError at the first byte that does not belong there
   */
  scan(chunk: Uint8Array): void {
    if (this.isEnded) return;
    const columns = this.#columns;
    let value = columns[this.#column] ?? 0;
    let digits = this.#digits;
    for (let place = 0; place < chunk.length; place += 1) {
      const byte = chunk[place] ?? 0;
      if (byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        digits += 1;
        continue;
      }
      columns[this.#column] = value;
      digits = this.#separate(byte, digits);
      if (digits === endOfTable) return;
      value = columns[this.#column] ?? 0;
    }
    columns[this.#column] = value;
    this.#digits = digits;
  }

  /** A byte that is no digit. Gives the digits of the column (or of its fraction) so far. */
  #separate(byte: number, digits: number): number {
    if (byte === comma || byte === newline) {
      this.#endColumn(byte, digits);
    } else if (byte === dot && digits > 0 && !this.#hasDot) {
      this.#hasDot = true;
    } else if (digits > 0 || this.#hasDot || byte !== (this.#column === packetColumn ? minus : space)) {
      this.#refuse(`unexpected ${JSON.stringify(String.fromCharCode(byte))}`);
    } else if (byte === minus) {
      this.isEnded = true;
      return endOfTable;
    }
    return 0;
  }

  #endColumn(byte: number, digits: number): void {
    const column = this.#column;
    const isLast = column === latencyColumn;
    const isWellFormed =
      column === packetColumn
        ? digits > 0 && !this.#hasDot
        : this.#hasDot && digits === (isLast ? latencyDigits : timeDigits);
    if (!isWellFormed || isLast !== (byte === newline)) this.#refuse(`column ${column + 1} is malformed`);
    if (isLast) this.#endRow();
    this.#column = isLast ? packetColumn : column + 1;
    this.#columns[this.#column] = 0;
    this.#hasDot = false;
  }

  #endRow(): void {
    const columns = this.#columns;
    const packet = columns[0] ?? 0;
    const sentNs = columns[1] ?? 0;
    const receivedNs = columns[2] ?? 0;
    const latencyNs = columns[3] ?? 0;
    const roundTripNs = receivedNs - sentNs;
    if (packet !== this.rows) this.#refuse(`packet ${packet} where ${this.rows} is due`);
    if (roundTripNs < 0) this.#refuse('received before it was sent');
    if (Math.abs(roundTripNs / 2 - latencyNs) > roundingNs) {
      this.#refuse(`latency ${latencyNs} ns is not half of the round trip of ${roundTripNs} ns`);
    }
    if (this.rows >= this.roundTripsNs.length) {
      this.#refuse(`more rows than the ${this.roundTripsNs.length} messages of the summary`);
    }
    this.roundTripsNs[this.rows] = roundTripNs;
    this.rows += 1;
  }

  #refuse(message: string): never {
    throw new ParseError({ file: fullLogName, path: `row ${this.rows}` }, message);
  }
}
