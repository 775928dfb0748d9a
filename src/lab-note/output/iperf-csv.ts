import { type Figure, figure, unit } from '../figure.ts';
import type { TransferReading, TransferRow } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import type { OutputReader, Taken } from './reader.ts';

const record =
  /^(?:\d{14}(?:\.\d+)?|\d{14}[+-]\d{4}),([0-9a-fA-F.:%\w]{1,64}),(\d{1,5}),([0-9a-fA-F.:%\w]{1,64}),(\d{1,5}),(-?\d{1,6}),(\d+\.\d+)-(\d+\.\d+),(\d+),(\d+)(?:,(-?\d+\.\d+),(-?\d+),(-?\d+),(-?\d+\.\d+),(\d+))?$/;

interface CsvRow {
  readonly row: TransferRow;
  readonly local: readonly [address: string, port: number];
  readonly remote: readonly [address: string, port: number];
}

function counted(digits: string | undefined, line: number): Figure | null {
  return digits === undefined || digits.startsWith('-') ? null : figure({ digits, line, isExact: true });
}

/** One line of `iperf -y C`: bytes and bits per second are whole numbers there. */
function readRecord({ text, number: line }: TextLine): CsvRow | null {
  const match = record.exec(text.trim());
  if (match === null) return null;
  const [, localAddress = '', localPort, remoteAddress = '', remotePort, id = '', start = '', stop = '', ...cells] =
    match;
  const [bytes, rate, jitter, lost, total, percent, late] = cells;
  const startNs = figure({ digits: start, line, unit: unit.seconds });
  const stopNs = figure({ digits: stop, line, unit: unit.seconds });
  if (startNs === null || stopNs === null) return null;
  const isUdp = jitter !== undefined;
  const row: TransferRow = {
    stream: id === '-1' ? 'SUM' : id,
    isSum: id === '-1',
    role: null,
    end: null,
    startNs,
    stopNs,
    bytes: counted(bytes, line),
    bitsPerSecond: counted(rate, line),
    retransmits: null,
    congestionWindowBytes: null,
    roundTripNs: null,
    datagrams: isUdp
      ? {
          jitterNs: figure({ digits: jitter, line, unit: unit.milliseconds }),
          lost: counted(lost, line),
          total: counted(total, line),
          lostPercent: percent?.startsWith('-') === false ? figure({ digits: percent, line }) : null,
          outOfOrder: counted(late, line),
        }
      : null,
    isOmitted: false,
    rest: null,
    restColumns: null,
    line,
  };
  return { row, local: [localAddress, Number(localPort)], remote: [remoteAddress, Number(remotePort)] };
}

/** Reads the comma-separated records of iperf 2. */
export class IperfCsv implements OutputReader {
  readonly #rows: CsvRow[] = [];

  take(line: TextLine): Taken {
    const read = readRecord(line);
    if (read === null) return 'refused';
    this.#rows.push(read);
    return 'taken';
  }

  finish(): TransferReading | null {
    const [first] = this.#rows;
    if (first === undefined) return null;
    const longest = this.#rows.reduce((most, { row }) => Math.max(most, row.stopNs.value), 0);
    const isTotal = ({ row }: CsvRow) => row.startNs.value === 0 && row.stopNs.value >= longest;
    const [localAddress, localPort] = first.local;
    const [remoteAddress, remotePort] = first.remote;
    const { stream, line, datagrams } = first.row;
    return {
      kind: 'transfer',
      tool: { name: 'iperf', version: null },
      value: {
        protocol: datagrams === null ? null : 'udp',
        side: null,
        direction: null,
        connections: [{ stream, localAddress, localPort, remoteAddress, remotePort, line }],
        intervals: this.#rows.filter((each) => !isTotal(each)).map(({ row }) => row),
        totals: this.#rows.filter(isTotal).map(({ row }) => row),
        congestionControl: null,
        toolCpuPercent: null,
        isServerOutput: false,
        asides: [],
        format: 'csv',
        isCut: false,
        beginsInTable: false,
      },
      lines: this.#rows.map(({ row }) => row.line),
    };
  }
}
