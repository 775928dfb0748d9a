import type { TransferRow } from '../reading.ts';

/** Rows over the same time end within this share of it. */
const sameSpan = 0.02;
const secondNs = 1e9;

/** An interval ends where the clock says; a run when its last byte has left or come. */
function endsOnSecond({ stopNs }: TransferRow): boolean {
  return Number.isInteger(stopNs.value / secondNs);
}

/** iperf 2 may be asked for intervals of half a second, but then prints many of them. */
const longestPartNs = 2e9;

/** A row from the very beginning behind which the next one begins there again: of iperf 2, which ends its intervals on the second, it is a run's total. */
function isNoInterval(row: TransferRow): boolean {
  return !mayBeThird(row) && row.stopNs.value > longestPartNs && !endsOnSecond(row);
}

/** iperf3 writes two decimals. */
function mayBeThird({ startNs }: TransferRow): boolean {
  return startNs.text.split('.')[1]?.length === 2;
}

/**
 * Whether two rows of one stream, each from the very beginning and as long as the other, are of two runs. They are of
 * one where the first is its only interval and the second its total: that has the same bytes, ends no earlier, and
 * its rate is no higher. An iperf3 that is ended early prints its last interval twice.
 *
 * @param isBare no heading and no connection stands above them
 */
function areOfTwoRuns(first: TransferRow, second: TransferRow, isBare: boolean): boolean {
  const [end, later] = [first.stopNs.value, second.stopNs.value];
  if (Math.abs(end - later) > later * sameSpan) return false;
  if (first.bytes?.value !== second.bytes?.value) return true;
  if (mayBeThird(first) && !isBare) return false;
  const [rate, laterRate] = [first.bitsPerSecond, second.bitsPerSecond];
  const isFaster = rate !== null && laterRate !== null && laterRate.value > rate.value + rate.halfUnit;
  return later < end || isFaster || !endsOnSecond(first);
}

const cutOut = /\.{3}|…|\b(?:snip|cut|skip|omit|truncat)/i;
const label = /[A-Za-z][^[\]]{0,60}:\s*$/;
/** Such a label is of a part of a run, or of all of its parts. */
const partOfRun = /\b(?:sum|total|all)\b|\b(?:stream|flow|thread|connection)\s?#?\d/i;

/** What a row stands in. */
interface RowPlace {
  /** No heading and no connection stands above the table. */
  readonly isBare: boolean;
  /** What stands before the row on its line. */
  readonly before: string;
}

/** Tells where rows of a further run begin without a word of the tool. */
export class RunSpans {
  /** Of each stream: its last row from the very beginning, and where its rows have come to. */
  readonly #spans = new Map<string, { readonly whole?: TransferRow; readonly last: number }>();
  #label: string | null = null;
  #hasWords = false;

  /** A line between rows that is none of the tool's. */
  pass(text: string): void {
    this.#hasWords ||= /\p{L}/u.test(text) && !cutOut.test(text);
  }

  /** Where rows have come to, of a part of the run. */
  goOn({ stream, role, stopNs }: TransferRow): void {
    const key = `${stream} ${String(role)}`;
    this.#spans.set(key, { ...this.#spans.get(key), last: stopNs.value });
    this.#hasWords = false;
  }

  /** Whether a row from the very beginning is of a further run: rows begin again, or are over the whole run with other bytes. */
  beginsRun(row: TransferRow, { isBare, before }: RowPlace): boolean {
    const { stream, role, stopNs } = row;
    const key = `${stream} ${String(role)}`;
    const { whole, last = 0 } = this.#spans.get(key) ?? {};
    this.#spans.set(key, { whole: row, last: stopNs.value });
    const isLabelled = this.#isNewLabel(before);
    const hasWords = this.#hasWords;
    this.#hasWords = false;
    if (isBare && isLabelled) return true;
    if (whole === undefined) return false;
    if (stopNs.value < last * (1 - sameSpan) || areOfTwoRuns(whole, row, isBare)) return true;
    if (last !== whole.stopNs.value) return false;
    if (isBare && hasWords && last > longestPartNs) return true;
    return last < stopNs.value * (1 - sameSpan) && isNoInterval(whole);
  }

  #isNewLabel(before: string): boolean {
    const own = label.test(before) && !partOfRun.test(before) ? before.trim() : '';
    const isNew = this.#label !== null && own !== '' && own !== this.#label;
    this.#label = own;
    return isNew;
  }
}
