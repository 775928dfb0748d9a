import { type Figure, figure, type Unit, unit } from '../figure.ts';
import { items, type JsonNode, member, memberAt, membersNamed, stringOf } from '../json-text.ts';
import type { AnyReading, Connection, Transfer, TransferRow } from '../reading.ts';
import { splitLines } from '../text-lines.ts';
import { IperfText } from './iperf-text.ts';

/** A number of the JSON as a figure; whole numbers are exact, others rounded to their last printed digit. */
export function jsonFigure(node: JsonNode | null, of: Unit = unit.one): Figure | null {
  if (node?.kind !== 'number') return null;
  const isExact = !/[.e]/i.test(node.text);
  return figure({ digits: node.text, line: node.line, unit: of, isExact });
}

/** What of a run's JSON has been seen: of a document all parts, of `--json-stream` as many as there were lines. */
export interface Iperf3Parts {
  readonly start: JsonNode | null;
  readonly intervals: readonly JsonNode[];
  readonly end: JsonNode | null;
  readonly error: string | null;
  readonly serverText: { readonly text: string; readonly line: number } | null;
}

/** The parts of an iperf3 document; null where the JSON is another tool's. */
export function iperf3Document(node: JsonNode): Iperf3Parts | null {
  const start = member(node, 'start');
  const intervals = member(node, 'intervals');
  const isIperf = memberAt(start, 'version')?.kind === 'string' || memberAt(start, 'connected')?.kind === 'array';
  if (!isIperf && intervals?.kind !== 'array') return null;
  const serverNode = member(node, 'server_output_text');
  const text = stringOf(serverNode);
  return {
    start,
    intervals: items(intervals),
    end: member(node, 'end'),
    error: stringOf(member(node, 'error')),
    serverText: text === null || serverNode === null ? null : { text, line: serverNode.line },
  };
}

interface RowNames {
  readonly stream: string;
  readonly isSum: boolean;
  readonly end: TransferRow['end'];
  readonly role: TransferRow['role'];
}

function row(node: JsonNode | null, names: RowNames): TransferRow | null {
  const of = (name: string, scale?: Unit) => jsonFigure(member(node, name), scale);
  const startNs = of('start', unit.seconds);
  const stopNs = of('end', unit.seconds);
  const bytes = of('bytes');
  const bitsPerSecond = of('bits_per_second');
  if (node === null || startNs === null || stopNs === null || (bytes === null && bitsPerSecond === null)) return null;
  const total = of('packets');
  const jitterNs = of('jitter_ms', unit.milliseconds);
  const omitted = member(node, 'omitted');
  return {
    ...names,
    startNs,
    stopNs,
    bytes,
    bitsPerSecond,
    retransmits: of('retransmits'),
    congestionWindowBytes: of('snd_cwnd'),
    roundTripNs: of('rtt', unit.microseconds) ?? of('mean_rtt', unit.microseconds),
    datagrams:
      total === null && jitterNs === null
        ? null
        : {
            jitterNs,
            total,
            lost: of('lost_packets'),
            lostPercent: of('lost_percent'),
            outOfOrder: of('out_of_order'),
          },
    isOmitted: omitted?.kind === 'literal' && omitted.value === true,
    rest: null,
    restColumns: null,
    line: node.line,
  };
}

function socketOf(node: JsonNode | null): string {
  const socket = member(node, 'socket');
  return socket?.kind === 'number' ? socket.text : '?';
}

function isSending(node: JsonNode | null): boolean | null {
  const sender = member(node, 'sender');
  return sender?.kind === 'literal' && sender.value !== null ? sender.value : null;
}

type Side = 'C' | 'S';

function roleOf(node: JsonNode | null, side: Side): TransferRow['role'] {
  const isSender = isSending(node);
  if (isSender === null) return null;
  return isSender ? `TX-${side}` : `RX-${side}`;
}

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((each) => each !== null);
}

function intervalRows(node: JsonNode, side: Side | null): TransferRow[] {
  const names = (each: JsonNode | null, stream: string): RowNames => ({
    stream,
    isSum: stream === 'SUM',
    end: null,
    role: side === null ? null : roleOf(each, side),
  });
  const streams = items(member(node, 'streams')).map((each) => row(each, names(each, socketOf(each))));
  const sums = ['sum', 'sum_bidir_reverse'].flatMap((name) =>
    membersNamed(node, name).map((each) => row(each, names(each, 'SUM'))),
  );
  return present([...streams, ...sums]);
}

const closingSums = [
  ['sum_sent', 'sender', false],
  ['sum_received', 'receiver', false],
  ['sum_sent_bidir_reverse', 'sender', true],
  ['sum_received_bidir_reverse', 'receiver', true],
  ['sum', null, false],
  ['sum_bidir_reverse', null, true],
] as const;

function closingRows(end: JsonNode | null, side: Side | null): TransferRow[] {
  const streams = items(member(end, 'streams')).flatMap((each) =>
    (['sender', 'receiver', 'udp'] as const).map((name) => {
      const node = member(each, name);
      const role = side === null ? null : roleOf(node, side);
      return row(node, { stream: socketOf(node), isSum: false, end: name === 'udp' ? null : name, role });
    }),
  );
  const sums = closingSums.flatMap(([name, whose, isReverse]) =>
    membersNamed(end, name).map((node) => {
      const role = side === null ? null : (roleOf(node, side) ?? (`${isReverse ? 'RX' : 'TX'}-${side}` as const));
      return row(node, { stream: 'SUM', isSum: true, end: whose, role });
    }),
  );
  return present([...streams, ...sums]);
}

/** Streams both ways: versions before 3.10 say it in nothing else, and give the sums of the two ways one name. */
function hasBothWays(end: JsonNode | null): boolean {
  const ways = new Set(items(member(end, 'streams')).map((each) => isSending(member(each, 'sender'))));
  return ways.has(true) && ways.has(false);
}

function connections(start: JsonNode | null): Connection[] {
  return items(member(start, 'connected')).map((node) => {
    const port = (name: string) => {
      const found = member(node, name);
      return found?.kind === 'number' && /^\d{1,5}$/.test(found.text) ? Number(found.text) : null;
    };
    return {
      stream: socketOf(node),
      localAddress: stringOf(member(node, 'local_host')) ?? '',
      localPort: port('local_port'),
      remoteAddress: stringOf(member(node, 'remote_host')) ?? '',
      remotePort: port('remote_port'),
      line: node.line,
    };
  });
}

function isSet(start: JsonNode | null, name: string): boolean {
  const found = memberAt(start, 'test_start', name);
  return found?.kind === 'number' && Number(found.text) === 1;
}

function processors(end: JsonNode | null): Transfer['toolCpuPercent'] {
  const local = jsonFigure(memberAt(end, 'cpu_utilization_percent', 'host_total'));
  const remote = jsonFigure(memberAt(end, 'cpu_utilization_percent', 'remote_total'));
  return local === null || remote === null ? null : { local, remote };
}

export interface JsonPlace {
  readonly lines: readonly number[];
  readonly isCut: boolean;
}

function transfer({ start, intervals, end }: Iperf3Parts, isCut: boolean): Transfer {
  const side =
    member(start, 'connecting_to') !== null
      ? 'client'
      : member(start, 'accepted_connection') !== null
        ? 'server'
        : null;
  const isBoth = isSet(start, 'bidir') || member(end, 'sum_sent_bidir_reverse') !== null || hasBothWays(end);
  const roleSide = isBoth ? (side === 'server' ? 'S' : 'C') : null;
  const protocol = stringOf(memberAt(start, 'test_start', 'protocol'));
  const sender = stringOf(member(end, 'sender_tcp_congestion'));
  const receiver = stringOf(member(end, 'receiver_tcp_congestion'));
  return {
    protocol: protocol === 'TCP' ? 'tcp' : protocol === 'UDP' ? 'udp' : null,
    side,
    direction: isBoth
      ? 'both'
      : isSet(start, 'reverse')
        ? 'reverse'
        : member(start, 'test_start') === null
          ? null
          : 'forward',
    connections: connections(start),
    intervals: intervals.flatMap((each) => intervalRows(each, roleSide)),
    totals: closingRows(end, roleSide),
    congestionControl: sender === null && receiver === null ? null : { sender, receiver },
    toolCpuPercent: processors(end),
    isServerOutput: false,
    asides: [],
    format: 'json',
    isCut,
    beginsInTable: false,
  };
}

/** The readings of an iperf3 run's JSON: its transfer, what the server printed inside of it, its error. */
export function iperf3Readings(parts: Iperf3Parts, { lines, isCut }: JsonPlace): AnyReading[] {
  const version = stringOf(member(parts.start, 'version'))?.replace(/^iperf /, '') ?? null;
  const tool = { name: 'iperf3', version } as const;
  const value = transfer(parts, isCut);
  const hasRows = value.intervals.length > 0 || value.totals.length > 0;
  const readings: AnyReading[] = [];
  if (hasRows) readings.push({ kind: 'transfer', tool, value, lines });
  else if (parts.error === null) readings.push({ kind: 'no-figures', tool, value: { side: value.side }, lines });
  if (parts.serverText !== null) {
    const { text, line } = parts.serverText;
    const reader = new IperfText();
    for (const each of splitLines(text)) reader.take({ number: line, text: each });
    const server = reader.finish();
    if (server?.kind === 'transfer') {
      readings.push({ ...server, tool, value: { ...server.value, isServerOutput: true }, lines: [line] });
    }
  }
  if (parts.error !== null)
    readings.push({ kind: 'failure', tool, value: { message: parts.error.slice(0, 300) }, lines });
  return readings;
}
