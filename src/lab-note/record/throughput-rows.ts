import type { Transfer, TransferReading, TransferRow } from '../reading.ts';

/** Whose count a row is, as far as it can be known. */
export type RowEnd = 'sender' | 'receiver' | null;

/** A row over the whole run with whose count it is. */
export interface WholeRow {
  readonly row: TransferRow;
  readonly end: RowEnd;
}

/** Which way the data of one record goes. */
export type TransferWay = 'upload' | 'download' | 'both' | null;

/** iperf3 --bidir: rows of the client's data, and of the server's. */
const rolesOf = { upload: ['TX-C', 'RX-S'], download: ['RX-C', 'TX-S'] } as const;

/** Whether a row is of the way that the record is of; rows without a word about it are of any. */
export function rolesFit(row: TransferRow, way: TransferWay): boolean {
  if (row.role === null || way === null || way === 'both') return true;
  return rolesOf[way].some((role) => role === row.role);
}

/** Whether `--bidir` put a word about the way in the rows, so that one output has two records. */
export function hasRoles({ intervals, totals }: Transfer): boolean {
  return totals.some(({ role }) => role !== null) || intervals.some(({ role }) => role !== null);
}

/**
 * iperf 2 and old iperf3 (UDP) do not say whose count a total is: the one who prints it counted it. A client that does not say that it receives sends.
 */
function endOf(row: TransferRow, { side, direction, isServerOutput, format }: Transfer, way: TransferWay): RowEnd {
  if (row.end !== null) return row.end;
  // iperf 2 `-d` and `-r`: the one who prints it counted it.
  if (row.role !== null && row.role !== 'both' && format === 'text')
    return row.role.startsWith('TX') ? 'sender' : 'receiver';
  const isServer = isServerOutput || side === 'server';
  if ((!isServer && side === null) || direction === 'both' || way === 'both') return null;
  const isForward = direction === null ? way !== 'download' : direction === 'forward';
  return isForward === isServer ? 'receiver' : 'sender';
}

/** The rows over the whole run of one output, for one way. */
export function wholeRows({ value }: TransferReading, way: TransferWay): WholeRow[] {
  return value.totals.filter((row) => rolesFit(row, way)).map((row) => ({ row, end: endOf(row, value, way) }));
}

/** The row of all streams together, of one end: the sum, or the only stream. */
export function allStreams(rows: readonly WholeRow[], end: RowEnd): TransferRow | null {
  const own = rows.filter((each) => each.end === end).map(({ row }) => row);
  const sum = own.findLast(({ isSum }) => isSum);
  if (sum !== undefined) return sum;
  // Where the other end has several streams, one that is alone here is not all of them. The two ends give a stream other numbers.
  const streams = Map.groupBy(rows, (each) => each.end);
  const isSingle = (ofEnd: readonly WholeRow[]): boolean => new Set(ofEnd.map(({ row }) => row.stream)).size === 1;
  const isAlone = !rows.some(({ row }) => row.isSum) && [...streams.values()].every(isSingle);
  return isAlone ? (own.at(-1) ?? null) : null;
}

function isZero(row: TransferRow | null): boolean {
  return row !== null && (row.bytes?.value ?? 0) === 0 && (row.bitsPerSecond?.value ?? 0) === 0;
}

/** Servers of iperf3 before 3.7 print 0 bytes of datagrams that they count beside it. */
function hasUncountedBytes({ datagrams }: TransferRow): boolean {
  return (datagrams?.total?.value ?? 0) > (datagrams?.lost?.value ?? 0);
}

/** An end that says 0 of TCP data that the other end has counted does not know: iperf3 prints so. */
export function withoutUnknownZeros(rows: readonly WholeRow[], isUdp: boolean): WholeRow[] {
  const other = (end: RowEnd): RowEnd => (end === 'sender' ? 'receiver' : 'sender');
  return rows.filter(({ row, end }) => {
    if (!isZero(row)) return true;
    if (hasUncountedBytes(row)) return false;
    if (end === null || (isUdp && end === 'receiver')) return true;
    const counterpart = rows.find((each) => each.row.stream === row.stream && each.end === other(end));
    return counterpart === undefined || isZero(counterpart.row);
  });
}
