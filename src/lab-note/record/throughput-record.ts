import type { Throughput, ThroughputInterval, ThroughputStream } from '../../record/throughput.ts';
import type { Figure } from '../figure.ts';
import type { Transfer, TransferReading, TransferRow } from '../reading.ts';
import { isJitterPossible } from '../sums/iperf-sums.ts';
import type { LeftOutList } from './left-out.ts';
import { TakenFigures } from './taken-figures.ts';
import {
  allStreams,
  rolesFit,
  type TransferWay,
  type WholeRow,
  wholeRows,
  withoutUnknownZeros,
} from './throughput-rows.ts';

export interface TransferOutput {
  readonly client: TransferReading;
  /** Outputs of the server of the same run. */
  readonly servers: readonly TransferReading[];
  readonly way: TransferWay;
  readonly protocol: 'tcp' | 'udp' | null;
  /** The tool printed it, with 0 for what an end can't know. A report only has rows of what is recorded. */
  readonly hasUnknownZeros: boolean;
}

export interface ThroughputRecord {
  readonly throughput: Throughput | null;
  readonly rounding: Record<string, number>;
  /** Field to why it is null, or what it is instead. */
  readonly reasons: Record<string, string>;
  readonly lines: ReadonlySet<number>;
}

interface Ends {
  readonly receiver: TransferRow | null;
  readonly sender: TransferRow | null;
  /** Nobody says whose count it is. */
  readonly unknown: TransferRow | null;
}

function streamNumber(name: string, place: number): number {
  const digits = /\d{1,9}/.exec(name)?.[0];
  return digits === undefined ? place : Number(digits);
}

function streams(rows: readonly WholeRow[], taken: TakenFigures): ThroughputStream[] {
  const names = new Map<string, Ends>();
  for (const { row, end } of rows) {
    if (row.isSum) continue;
    const known = names.get(row.stream) ?? { receiver: null, sender: null, unknown: null };
    names.set(row.stream, { ...known, [end ?? 'unknown']: row });
  }
  return [...names].map(([name, { receiver, sender, unknown }], place) => {
    const path = `throughput.streams.${String(place)}`;
    const arrived = receiver ?? unknown;
    return {
      id: streamNumber(name, place),
      bytes: taken.take(`${path}.bytes`, arrived?.bytes),
      sentBytes: taken.take(`${path}.sentBytes`, sender?.bytes),
      bitsPerSecond: taken.take(`${path}.bitsPerSecond`, (arrived ?? sender)?.bitsPerSecond),
      retransmits: taken.take(`${path}.retransmits`, (sender ?? unknown)?.retransmits),
      meanTcpRoundTripNs: taken.take(`${path}.meanTcpRoundTripNs`, (sender ?? unknown)?.roundTripNs),
    };
  });
}

/** The series of all streams together: the sums, or the rows of the only stream. */
function intervals(rows: readonly TransferRow[], taken: TakenFigures): ThroughputInterval[] {
  const sums = rows.filter(({ isSum }) => isSum);
  const isSingle = sums.length === 0 && new Set(rows.map(({ stream }) => stream)).size === 1;
  return (isSingle ? rows : sums).map((row, place) => {
    const path = `throughput.intervals.${String(place)}`;
    return {
      startNs: taken.take(`${path}.startNs`, row.startNs) ?? 0,
      endNs: taken.take(`${path}.endNs`, row.stopNs) ?? 0,
      bytes: taken.take(`${path}.bytes`, row.bytes),
      bitsPerSecond: taken.take(`${path}.bitsPerSecond`, row.bitsPerSecond),
      retransmits: taken.take(`${path}.retransmits`, row.retransmits),
      isOmitted: row.isOmitted,
    };
  });
}

/** Some versions of iperf3 print a jitter of days where the first datagrams were lost. */
function jitterOf({ datagrams: of, stopNs, line }: TransferRow, leftOut: LeftOutList | null): Figure | null {
  const jitterNs = of?.jitterNs ?? null;
  if (jitterNs === null || leftOut === null || isJitterPossible(jitterNs, stopNs)) return jitterNs;
  leftOut.add(line, `jitter of ${jitterNs.text} ms`, 'void: it is longer than the run');
  return null;
}

function datagrams(
  { receiver, sender, unknown }: Ends,
  taken: TakenFigures,
  leftOut: LeftOutList | null,
): Throughput['datagrams'] {
  const row = [receiver, unknown, sender].find((each) => each?.datagrams !== undefined && each.datagrams !== null);
  const arrived = row?.datagrams ?? null;
  if (row === undefined || row === null || arrived === null) return null;
  const told = sender?.datagrams ?? null;
  // `Sent N datagrams` of iperf 2 counts the one that ends the run, too: the share that was lost is of the receiver's total.
  const isOfRow = told !== null && told.lost !== null;
  const sent = (isOfRow ? told.total : null) ?? arrived.total ?? told?.total;
  return {
    sent: taken.take('throughput.datagrams.sent', sent),
    lost: taken.take('throughput.datagrams.lost', arrived.lost),
    outOfOrder: taken.take('throughput.datagrams.outOfOrder', arrived.outOfOrder),
    jitterNs: taken.take('throughput.datagrams.jitterNs', jitterOf(row, leftOut)),
  };
}

function toolCpu({ toolCpuPercent, side }: Transfer, taken: TakenFigures): Throughput['toolCpuPercent'] {
  if (toolCpuPercent === null) return null;
  const { local, remote } = toolCpuPercent;
  const [client, server] = side === 'server' ? [remote, local] : [local, remote];
  const ofClient = taken.take('throughput.toolCpuPercent.client', client);
  const ofServer = taken.take('throughput.toolCpuPercent.server', server);
  return ofClient === null || ofServer === null ? null : { client: ofClient, server: ofServer };
}

const senderOnly = "the note has no count of the receiver's: the rate is the sender's";
const unknownEnd = "the note does not say whether the count is the sender's or the receiver's";

/** The rows of both ends: those of the client's output, and of the server's where the client's has none of the receiver. */
function rowsOf({ client, servers, way, protocol, hasUnknownZeros }: TransferOutput): WholeRow[] {
  if (!hasUnknownZeros) return wholeRows(client, way);
  const own = withoutUnknownZeros(wholeRows(client, way), protocol === 'udp');
  const known = new Set(own.map(({ end }) => end));
  if (known.has('receiver') && known.has('sender')) return own;
  const theirs = servers.flatMap((server) => wholeRows(server, way)).filter(({ end }) => end !== null);
  const missing = theirs.filter(({ end }) => !known.has(end));
  return withoutUnknownZeros([...own, ...missing], protocol === 'udp');
}

/** Stream ids of the two ends are not the same numbers: streams come from the end that has printed the output. */
function streamRows(rows: readonly WholeRow[], client: TransferReading): WholeRow[] {
  const own = new Set(client.value.totals);
  return rows.filter(({ row }) => own.has(row));
}

/** What a note's output of iperf says of a bulk transfer; null without a rate of all streams together. */
export function throughputRecord(output: TransferOutput, leftOut: LeftOutList): ThroughputRecord {
  const { client, protocol, way } = output;
  const taken = new TakenFigures();
  const rows = rowsOf(output);
  const ends = {
    receiver: allStreams(rows, 'receiver'),
    sender: allStreams(rows, 'sender'),
    unknown: allStreams(rows, null),
  };
  const arrived = [ends.receiver, ends.unknown].find((row) => row !== null && row.bitsPerSecond !== null) ?? null;
  const whole = arrived ?? ends.sender;
  const bitsPerSecond = taken.take('throughput.bitsPerSecond', whole?.bitsPerSecond);
  const reasons: Record<string, string> = {};
  if (whole === null || bitsPerSecond === null) return { throughput: null, rounding: {}, reasons, lines: new Set() };
  if (arrived === null) reasons['throughput.receiver'] = senderOnly;
  else if (arrived === ends.unknown) reasons['throughput.receiver'] = unknownEnd;
  // A length is a difference; only from zero is it what the note says.
  const duration = whole.startNs.value === 0 ? whole.stopNs : null;
  const { congestionControl } = client.value;
  // A report has what is recorded, whatever it is.
  const jitters = output.hasUnknownZeros ? leftOut : null;
  const throughput: Throughput = {
    protocol,
    bitsPerSecond,
    bytes: taken.take('throughput.bytes', arrived?.bytes),
    sentBytes: taken.take('throughput.sentBytes', ends.sender?.bytes),
    durationNs: taken.take('throughput.durationNs', duration),
    retransmits: taken.take('throughput.retransmits', (ends.sender ?? ends.unknown)?.retransmits),
    streams: streams(streamRows(rows, client), taken),
    intervals: intervals(
      client.value.intervals.filter((row) => rolesFit(row, way)),
      taken,
    ),
    datagrams: protocol === 'udp' ? datagrams(ends, taken, jitters) : null,
    congestionControl: congestionControl ?? { sender: null, receiver: null },
    toolCpuPercent: toolCpu(client.value, taken),
  };
  const zeros = wholeRows(client, way).filter(({ row }) => !rows.some((each) => each.row === row));
  leftOut.addLines(
    zeros.map(({ row }) => row.line),
    "count of an end that doesn't know it: 0",
    'the tool prints 0 where it cannot know what the other end did',
  );
  for (const { row } of zeros) taken.lines.add(row.line);
  return { throughput, rounding: taken.rounding, reasons, lines: taken.lines };
}
