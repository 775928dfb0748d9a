import type { Figure } from '../figure.ts';
import type { DatagramFigures, TransferRow } from '../reading.ts';

/** A count that iperf 2 prints on a line of its own below the row that it belongs to. */
export interface StreamCount {
  readonly stream: string;
  readonly count: Figure;
}

export interface DatagramCounts {
  readonly outOfOrder: readonly StreamCount[];
  readonly sent: readonly StreamCount[];
}

const none: DatagramFigures = { jitterNs: null, lost: null, total: null, lostPercent: null, outOfOrder: null };

/** The rows with the counts that stand below them. What was sent belongs to the last row of its stream above it. */
export function withDatagrams(rows: readonly TransferRow[], { outOfOrder, sent }: DatagramCounts): TransferRow[] {
  const sentOf = new Map<TransferRow, Figure>();
  for (const { stream, count } of sent) {
    const own = rows.findLast((row) => row.stream === stream && row.line < count.line);
    if (own !== undefined && own.datagrams === null) sentOf.set(own, count);
  }
  return rows.map((row) => {
    const late = outOfOrder.find(({ stream, count }) => stream === row.stream && count.line === row.line + 1);
    const total = sentOf.get(row);
    if (total !== undefined) return { ...row, datagrams: { ...none, total } };
    if (late === undefined || row.datagrams === null) return row;
    return { ...row, datagrams: { ...row.datagrams, outOfOrder: late.count } };
  });
}
