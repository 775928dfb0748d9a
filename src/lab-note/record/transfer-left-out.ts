import type { Figure } from '../figure.ts';
import type { Transfer, TransferReading, TransferRow } from '../reading.ts';
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
  const byColumns = Map.groupBy(
    rows.filter(({ rest }) => rest !== null),
    ({ restColumns }) => restColumns,
  );
  for (const [columns, rests] of byColumns) {
    const what = `end of the row: ${shortText(rests[0]?.rest ?? '')}`;
    const why = columns === null ? 'not understood' : `a record has no field for the columns ${columns}`;
    leftOut.addLines(lines(rests), what, why);
  }
}

/** Sums over both ways, and lines whose figures have no field. */
function listOfNeitherWay({ totals, intervals, asides }: Transfer, leftOut: LeftOutList): void {
  const ofBoth = [...totals, ...intervals].filter(({ role }) => role === 'both');
  leftOut.addLines(lines(ofBoth), 'sums over both ways', 'a record has each way by itself');
  for (const { line, text } of asides) leftOut.add(line, shortText(text), 'a record has no field for it');
}

/** `Sent N datagrams` of iperf 2, where the receiver says how many it knows of. */
function listSent(totals: readonly TransferRow[], used: ReadonlySet<number>, leftOut: LeftOutList): void {
  const isToldAgain = ({ line, value }: Figure): boolean =>
    totals.some((row) => row.datagrams?.total?.value === value && row.datagrams.total.line !== line);
  for (const { datagrams, line } of totals) {
    const total = datagrams?.total ?? null;
    if (total === null || total.line === line || used.has(total.line) || isToldAgain(total)) continue;
    leftOut.add(total.line, `${total.text} datagrams sent`, 'the record has those that the receiver knows of');
  }
}

/** What the server printed of the same run. */
function listServer({ value }: TransferReading, used: ReadonlySet<number>, leftOut: LeftOutList): void {
  const rest = [...value.totals, ...value.intervals].filter(({ line }) => !used.has(line));
  leftOut.addLines(lines(rest), "the server's own output", "the client's figures of the same run are in the record");
  listRests(rest, leftOut);
  listOfNeitherWay(value, leftOut);
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
  if (output.way !== 'download') {
    listOfNeitherWay(value, leftOut);
    for (const server of output.servers) listServer(server, used, leftOut);
  }
  listRests(rows, leftOut);
  if (!hasRecord) {
    leftOut.addLines(lines(rows), `rows of ${tool.name}`, 'none has the rate of all streams over the whole run');
    return;
  }
  const isUnused = ({ line }: TransferRow): boolean => !used.has(line);
  listSent(totals, used, leftOut);
  leftOut.addLines(lines(totals.filter(isUnused)), 'totals', 'the record has those of all streams and of each stream');
  leftOut.addLines(
    lines(intervals.filter(isUnused)),
    'intervals of single streams',
    'the record has those of all streams together',
  );
  const windows = rows.filter(({ congestionWindowBytes }) => congestionWindowBytes !== null);
  leftOut.addLines(lines(windows), 'congestion windows', 'a record has no field for them');
}
