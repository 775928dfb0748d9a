import type { TransferRow } from '../reading.ts';

/** Rows over the same time end within this share of it. */
export const sameSpan = 0.02;
const secondNs = 1e9;

/** An interval ends where the clock says; a run when its last byte has left or come. */
function endsOnSecond({ stopNs }: TransferRow): boolean {
  return Number.isInteger(stopNs.value / secondNs);
}

/** iperf 2 may be asked for intervals of half a second, but then prints many of them. */
const longestPartNs = 2e9;

/** A row from the very beginning behind which the next one begins there again: of iperf 2, which ends its intervals on the second, it is a run's total. */
export function isNoInterval(row: TransferRow): boolean {
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
export function areOfTwoRuns(first: TransferRow, second: TransferRow, isBare: boolean): boolean {
  const [end, later] = [first.stopNs.value, second.stopNs.value];
  if (Math.abs(end - later) > later * sameSpan) return false;
  if (first.bytes?.value !== second.bytes?.value) return true;
  if (mayBeThird(first) && !isBare) return false;
  const [rate, laterRate] = [first.bitsPerSecond, second.bitsPerSecond];
  const isFaster = rate !== null && laterRate !== null && laterRate.value > rate.value + rate.halfUnit;
  return later < end || isFaster || !endsOnSecond(first);
}
