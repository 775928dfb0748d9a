import { bytesUnit, type Figure, figure, rateUnit, type Unit, unit } from '../figure.ts';
import type { DatagramFigures, TransferRow } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';

/** What the column after the rate holds, as the table's heading says. */
export type TailColumn = 'retransmits' | 'datagram-total' | 'datagram-loss' | null;

const head =
  /\[\s*(\*?\s?\d{1,6}|SUM(?:-\w{1,16})?|FD\d{1,6})\](?:\[([TR]X-[CS])\])?(\(omitted\))?\s+(\d+\.\d+)\s*-\s*(\d+\.\d+)\s+secs?(?=\s|$)/;
/** People who type a figure anew put commas into it, and shorten the unit: `1,024 MB`, `8.59 Gb/s`. */
const number = String.raw`\s+(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*`;
const amount = new RegExp(String.raw`${number}([kKMGTP]?)i?(?:[Bb]ytes?|B)(?=\s|$)`, 'y');
const rate = new RegExp(String.raw`${number}([kKMGTP]?)i?([Bb]its?|[Bb]ytes?|b|B)(?:\/s(?:ec)?|ps)(?=\s|$)`, 'y');
const endWord = /\s(sender|receiver)(?=\s|$)/;
const omitted = /\s*\(omitted\)/;
const loss =
  /^\s*(\d+\.\d+)\s+ms\s+(-?\d+)\/\s*(\d+)\s+\((?:(-?[\d.]+(?:e[+-]?\d{1,3})?)|-?nan|-?inf)%\)(?:\s+(\d+) OOO\b)?/;
const retransmits = /^\s*(\d+)(?=\s|$)/;
const window = /^\s*(\d+(?:\.\d+)?)\s+([KMGT]?)Bytes?(?=\s|$)/;
/** iperf 2 `-e`: writes/errors, retries, congestion window in KiB and round trip in us. */
const enhanced = /^\s*(\d+)\/(\d+)\s+(\d+)(?!\d|\s+pps)(?:\s+(\d+)K\/(\d+)(?:\(\d+\))?\s+us)?/;
const outOfOrderLine = /\[\s*(\S{1,10})\]\s+\d+\.\d+\s*-\s*\d+\.\d+\s+sec\s+(\d+) datagrams received out-of-order/;

interface Cell {
  readonly digits: string | undefined;
  readonly line: number;
  readonly unit?: Unit;
  readonly text?: string;
  readonly isExact?: boolean;
}

function optional(cell: Cell): Figure | null {
  return cell.digits === undefined ? null : figure({ ...cell, digits: cell.digits });
}

type Tail = Pick<TransferRow, 'retransmits' | 'congestionWindowBytes' | 'roundTripNs' | 'datagrams' | 'rest'>;

const noTail: Tail = {
  retransmits: null,
  congestionWindowBytes: null,
  roundTripNs: null,
  datagrams: null,
  rest: null,
};

const noDatagrams: DatagramFigures = { jitterNs: null, lost: null, total: null, lostPercent: null, outOfOrder: null };

function remainder(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === '' ? null : trimmed;
}

function lossTail(match: RegExpExecArray, text: string, line: number): Tail {
  const [all, jitter = '', lost = '', total = '', percent, ooo] = match;
  return {
    ...noTail,
    datagrams: {
      jitterNs: figure({ digits: jitter, line, unit: unit.milliseconds }),
      lost: figure({ digits: lost, line, isExact: true }),
      total: figure({ digits: total, line, isExact: true }),
      lostPercent: optional({ digits: percent, line }),
      outOfOrder: optional({ digits: ooo, line, isExact: true }),
    },
    rest: remainder(text.slice(all.length)),
  };
}

function enhancedTail(match: RegExpExecArray, text: string, line: number): Tail {
  const [all, , , retries, kibibytes, microseconds] = match;
  return {
    ...noTail,
    retransmits: optional({ digits: retries, line, isExact: true }),
    congestionWindowBytes: optional({ digits: kibibytes, line, unit: bytesUnit('K') }),
    roundTripNs: optional({ digits: microseconds, line, unit: unit.microseconds }),
    rest: remainder(text.slice(all.length)),
  };
}

function retransmitTail(match: RegExpExecArray, text: string, line: number): Tail {
  const after = text.slice(match[0].length);
  const size = window.exec(after);
  return {
    ...noTail,
    retransmits: optional({ digits: match[1], line, isExact: true }),
    congestionWindowBytes: optional({
      digits: size?.[1],
      line,
      unit: bytesUnit(size?.[2] ?? ''),
      text: size?.[0].trim() ?? '',
    }),
    rest: remainder(after.slice(size?.[0].length ?? 0)),
  };
}

/** What follows the rate: which figures these are depends on the table's heading, and on the line itself. */
function readTail(text: string, column: TailColumn, line: number): Tail {
  if (text.trim() === '') return noTail;
  const lossMatch = loss.exec(text);
  if (lossMatch !== null) return lossTail(lossMatch, text, line);
  const enhancedMatch = enhanced.exec(text);
  if (enhancedMatch !== null) return enhancedTail(enhancedMatch, text, line);
  const whole = retransmits.exec(text);
  if (whole === null) return { ...noTail, rest: remainder(text) };
  if (column === 'datagram-total') {
    const total = optional({ digits: whole[1], line, isExact: true });
    return { ...noTail, datagrams: { ...noDatagrams, total }, rest: remainder(text.slice(whole[0].length)) };
  }
  const hasWindow = window.test(text.slice(whole[0].length));
  if (column === 'retransmits' || hasWindow) return retransmitTail(whole, text, line);
  return { ...noTail, rest: remainder(text) };
}

/** `b` is a bit and `B` a byte. */
function isOfBits(word: string): boolean {
  return word === 'b' || /^bits?$/i.test(word);
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** @returns null where the line is no row, or none with an amount or a rate that can be a number */
export function readIperfRow({ text, number: line }: TextLine, column: TailColumn): TransferRow | null {
  const match = head.exec(text);
  if (match === null) return null;
  const [all, label = '', role, omittedAtHead, start = '', stop = ''] = match;
  let place = match.index + all.length;
  const bytes = matchAt(amount, text, place);
  place += bytes?.[0].length ?? 0;
  const perSecond = matchAt(rate, text, place);
  place += perSecond?.[0].length ?? 0;
  if (bytes === null && perSecond === null) return null;
  const startNs = figure({ digits: start, line, unit: unit.seconds });
  const stopNs = figure({ digits: stop, line, unit: unit.seconds });
  const bytesFigure = optional({
    digits: bytes?.[1]?.replaceAll(',', ''),
    line,
    unit: bytesUnit(bytes?.[2] ?? ''),
    text: bytes?.[0].trim() ?? '',
  });
  const rateFigure = optional({
    digits: perSecond?.[1]?.replaceAll(',', ''),
    line,
    unit: rateUnit(perSecond?.[2] ?? '', isOfBits(perSecond?.[3] ?? 'bits') ? 'bits' : 'Bytes'),
    text: perSecond?.[0].trim() ?? '',
  });
  if (startNs === null || stopNs === null || (bytesFigure === null && rateFigure === null)) return null;
  const following = text.slice(place);
  const end = following.includes('er') ? endWord.exec(following)?.[1] : undefined;
  const isOmitted = following.includes('(omitted)');
  const tailText = (end === undefined ? following : following.replace(endWord, '')).replace(
    isOmitted ? omitted : '',
    '',
  );
  return {
    stream: label.replace(/\s/g, ''),
    isSum: label.startsWith('SUM'),
    role: roleOf(role),
    end: end === 'sender' || end === 'receiver' ? end : null,
    startNs,
    stopNs,
    bytes: bytesFigure,
    bitsPerSecond: rateFigure,
    ...readTail(tailText, column ?? (end === 'sender' ? 'retransmits' : null), line),
    restColumns: null,
    isOmitted: omittedAtHead !== undefined || isOmitted,
    line,
  };
}

function roleOf(text: string | undefined): TransferRow['role'] {
  return text === 'TX-C' || text === 'RX-C' || text === 'TX-S' || text === 'RX-S' ? text : null;
}

/** `39 datagrams received out-of-order`, of one stream. */
export function readOutOfOrder({ text, number: line }: TextLine): { stream: string; count: Figure } | null {
  const match = outOfOrderLine.exec(text);
  const count = optional({ digits: match?.[2], line, isExact: true });
  return match === null || count === null ? null : { stream: match[1] ?? '', count };
}
