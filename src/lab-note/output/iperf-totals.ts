import type { TransferRow } from '../reading.ts';

export interface ReadRow {
  readonly row: TransferRow;
  /** It stood below the heading that iperf3 prints above its closing rows. */
  readonly isSummary: boolean;
}

function key(row: TransferRow): string {
  return `${row.stream} ${row.role ?? ''}`;
}

/** How far the rows of each stream reach, of those that do not say whose count they are. */
function extents(rows: readonly ReadRow[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { row } of rows) {
    if (row.end === null) found.set(key(row), Math.max(found.get(key(row)) ?? 0, row.stopNs.value));
  }
  return found;
}

/** iperf3 prints intervals of a second unless it is told otherwise: a row of one that starts at zero is the first of them. */
const longestFirstIntervalNs = 1.5e9;

/** A row of iperf3 that says neither `sender` nor `receiver`, and stands below no heading of closing rows, is an interval where it has a congestion window, or the length of one. */
function isFirstInterval({ congestionWindowBytes, stopNs }: TransferRow): boolean {
  return congestionWindowBytes !== null || stopNs.value <= longestFirstIntervalNs;
}

/** A total reaches nearly as far as the longest row: streams of one run end within a fraction of each other. */
const leastShareOfRun = 0.8;

/**
 * Tells the rows over the whole run from those over a part of it: by the word `sender` or `receiver`, by the heading
 * above them, else (iperf 2, and excerpts) a row that starts at zero and reaches as far as any row of its stream.
 */
export function divideRows(
  rows: readonly ReadRow[],
  isThirdGeneration: boolean,
): { intervals: TransferRow[]; totals: TransferRow[] } {
  const hasClosing = rows.some(({ row, isSummary }) => row.end !== null || isSummary);
  const reach = extents(rows);
  const longest = rows.reduce((most, { row }) => Math.max(most, row.isOmitted ? 0 : row.stopNs.value), 0);
  const isTotal = ({ row, isSummary }: ReadRow): boolean => {
    if (row.isOmitted) return false;
    if (row.end !== null || isSummary) return true;
    // The server's report that a client of iperf 2 prints does not make the client's own total an interval.
    if (isThirdGeneration && hasClosing && row.startNs.text.split('.')[1]?.length === 2) return false;
    if (isThirdGeneration && isFirstInterval(row)) return false;
    const stop = row.stopNs.value;
    const isWhole = row.startNs.value === 0 && stop > 0 && stop >= (reach.get(key(row)) ?? 0);
    return isWhole && stop >= longest * leastShareOfRun;
  };
  const intervals: TransferRow[] = [];
  const totals: TransferRow[] = [];
  for (const each of rows) (isTotal(each) ? totals : intervals).push(each.row);
  return { intervals, totals };
}
