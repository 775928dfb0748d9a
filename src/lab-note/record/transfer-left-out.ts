import type { TransferReading, TransferRow } from '../reading.ts';
import { type LeftOutList, shortText } from './left-out.ts';
import type { NoteOutput } from './note-output.ts';
import { rolesFit } from './throughput-rows.ts';

/** An output of iperf with what became of it. */
export interface TransferTold {
  readonly output: NoteOutput;
  readonly reading: TransferReading;
  /** Lines that figures of the record stand on. */
  readonly lines: ReadonlySet<number>;
  readonly hasRecord: boolean;
}

function lines(rows: readonly TransferRow[]): number[] {
  return rows.map(({ line }) => line);
}

function listRests(rows: readonly TransferRow[], leftOut: LeftOutList): void {
  const rests = rows.filter(({ rest }) => rest !== null);
  const [first] = rests;
  if (first !== undefined)
    leftOut.addLines(lines(rests), `end of the row: ${shortText(first.rest ?? '')}`, 'not understood');
}

/** Lists what of an output of iperf is in no figure of its record. */
export function listTransferLeftOut(
  { output, reading, lines: used, hasRecord }: TransferTold,
  leftOut: LeftOutList,
): void {
  const { value, tool } = reading;
  const own = (rows: readonly TransferRow[]): TransferRow[] => rows.filter((row) => rolesFit(row, output.way));
  const totals = own(value.totals);
  const intervals = own(value.intervals);
  const rows = [...totals, ...intervals];
  listRests(rows, leftOut);
  if (!hasRecord) {
    leftOut.addLines(lines(rows), `rows of ${tool.name}`, 'none has the rate of all streams over the whole run');
    return;
  }
  const isUnused = ({ line }: TransferRow): boolean => !used.has(line);
  leftOut.addLines(lines(totals.filter(isUnused)), 'totals', 'the record has those of all streams and of each stream');
  leftOut.addLines(
    lines(intervals.filter(isUnused)),
    'intervals of single streams',
    'the record has those of all streams together',
  );
  const windows = rows.filter(({ congestionWindowBytes }) => congestionWindowBytes !== null);
  leftOut.addLines(lines(windows), 'congestion windows', 'a record has no field for them');
  for (const server of output.way === 'download' ? [] : output.servers) {
    const rest = [...server.value.totals, ...server.value.intervals].filter(isUnused);
    leftOut.addLines(lines(rest), "the server's own output", "the client's figures of the same run are in the record");
    listRests(rest, leftOut);
  }
}
