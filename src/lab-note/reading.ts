import type { Figure } from './figure.ts';
import type { NotedTopology } from './topology/noted-topology.ts';

export interface ToolName {
  readonly name: 'iperf' | 'iperf3' | 'sockperf' | 'bpftrace' | 'perf' | 'strace';
  /** As printed; null where the text does not say. */
  readonly version: string | null;
}

/** One output of one tool, as far as it was understood. */
export interface OutputReading<Kind extends string, Value> {
  readonly kind: Kind;
  readonly tool: ToolName;
  readonly value: Value;
  /** The lines it was read from, ascending, from 1; those that say nothing in figures too (headers, rules). */
  readonly lines: readonly number[];
  /** The last caption above it in its block: `--- server ---`, or a comment that names a side. */
  readonly caption?: string;
  /** What the words directly above it say of its ends; a heading says it of all that stands below. */
  readonly topology?: NotedTopology;
}

/** Datagrams of one line. */
export interface DatagramFigures {
  readonly jitterNs: Figure | null;
  readonly lost: Figure | null;
  readonly total: Figure | null;
  /** Percent, as printed. */
  readonly lostPercent: Figure | null;
  readonly outOfOrder: Figure | null;
}

/** One line of iperf's table, or one interval or sum of its JSON. */
export interface TransferRow {
  /** What stands in the brackets: `5`, `SUM`, `*1`, `SUM-2`. */
  readonly stream: string;
  readonly isSum: boolean;
  /**
   * Runs both ways (iperf3 `--bidir`, iperf 2 `-d` and `-r`): which way, seen from the client (`TX-C`) or the server (`TX-S`); `both`: a sum over the
   * two ways, which iperf 2 prints.
   */
  readonly role: 'TX-C' | 'RX-C' | 'TX-S' | 'RX-S' | 'both' | null;
  /** Whose count it is, where the text says so. */
  readonly end: 'sender' | 'receiver' | null;
  readonly startNs: Figure;
  /** May be before `startNs`: some versions of iperf3 print that around `-O`. */
  readonly stopNs: Figure;
  readonly bytes: Figure | null;
  readonly bitsPerSecond: Figure | null;
  readonly retransmits: Figure | null;
  readonly congestionWindowBytes: Figure | null;
  readonly roundTripNs: Figure | null;
  readonly datagrams: DatagramFigures | null;
  /** The tool left it out of its totals (`-O`). */
  readonly isOmitted: boolean;
  /** What followed on the line and was not read; null where nothing did. */
  readonly rest: string | null;
  /** Columns of the heading that it may stand in, which are known and not read; null where the heading has none. */
  readonly restColumns: string | null;
  readonly line: number;
}

export interface Connection {
  readonly stream: string;
  readonly localAddress: string;
  /** null where what stands there is no port. */
  readonly localPort: number | null;
  readonly remoteAddress: string;
  readonly remotePort: number | null;
  readonly line: number;
}

/** What iperf or iperf3 printed. */
export interface Transfer {
  readonly protocol: 'tcp' | 'udp' | null;
  /** Which end printed it; null where the text does not say. */
  readonly side: 'client' | 'server' | null;
  /** `forward`: client sends; `in-turn`: one way, then the other (iperf 2 `-r`). Only where the text says it. */
  readonly direction: 'forward' | 'reverse' | 'both' | 'in-turn' | null;
  readonly connections: readonly Connection[];
  /** Rows over a part of the run. */
  readonly intervals: readonly TransferRow[];
  /** Rows over the whole run: one or two (sender, receiver) a stream, and the sums. */
  readonly totals: readonly TransferRow[];
  readonly congestionControl: { readonly sender: string | null; readonly receiver: string | null } | null;
  /** Percent of one CPU that the tool's two processes used. */
  readonly toolCpuPercent: { readonly local: Figure; readonly remote: Figure } | null;
  /** It is the server's output inside of the client's (`--get-server-output`). */
  readonly isServerOutput: boolean;
  /** Lines of it with further figures, for which no reading has a field: connect times, histograms. */
  readonly asides: readonly UnreadLine[];
  readonly format: 'text' | 'json' | 'csv';
  /** The text stops before the tool's own end. Only known for JSON. */
  readonly isCut: boolean;
  /** Its first line is a row, without heading or connection above it: rows before it may be missing. */
  readonly beginsInTable: boolean;
}

export interface MessageCounts {
  readonly durationNs: Figure;
  readonly sent: Figure;
  readonly received: Figure;
}

export interface LatencyPercentile {
  readonly percent: Figure;
  readonly ns: Figure;
}

export interface LatencySpreadFigures {
  readonly meanAbsoluteDeviationNs: Figure;
  readonly medianAbsoluteDeviationNs: Figure;
  readonly semiInterquartileRangeNs: Figure;
  /** stddev / mean, no unit. */
  readonly coefficientOfVariation: Figure;
  readonly standardErrorNs: Figure;
  /** Level of the interval, percent. */
  readonly confidencePercent: Figure;
  readonly confidenceLowNs: Figure;
  readonly confidenceHighNs: Figure;
}

/** What sockperf's client printed about replies. */
export interface LatencyFigures {
  /** null where the text does not say: ping-pong and under-load print the same closing lines. */
  readonly mode: 'ping-pong' | 'under-load' | 'playback' | null;
  readonly protocol: 'tcp' | 'udp' | null;
  /** What each figure is: half of a round trip, or with `--full-rtt` all of it; null where no line says it. */
  readonly meaning: 'half-round-trip' | 'round-trip' | null;
  readonly serverNumber: Figure | null;
  readonly total: MessageCounts | null;
  readonly valid: MessageCounts | null;
  readonly meanNs: Figure | null;
  readonly stddevNs: Figure | null;
  readonly spread: LatencySpreadFigures | null;
  readonly dropped: Figure | null;
  readonly duplicated: Figure | null;
  readonly outOfOrder: Figure | null;
  /** The mean again, as the summary line has it (to another rounding in some versions). */
  readonly summaryNs: Figure | null;
  readonly burstMessages: Figure | null;
  readonly observations: Figure | null;
  /** What the tool says each of its percentiles holds: a hundredth of the observations. */
  readonly perPercentile: Figure | null;
  readonly minNs: Figure | null;
  readonly maxNs: Figure | null;
  readonly percentiles: readonly LatencyPercentile[];
}

/** What `sockperf throughput` printed: messages that were sent, not what arrived. */
export interface MessageRate {
  readonly protocol: 'tcp' | 'udp' | null;
  readonly messages: Figure | null;
  readonly skipped: Figure | null;
  readonly durationNs: Figure | null;
  readonly messageBytes: Figure | null;
  readonly messagesPerSecond: Figure | null;
  readonly packetsPerSecond: Figure | null;
  readonly bitsPerSecond: Figure | null;
}

export interface MapEntry {
  /** The key's parts, as printed; empty for a map without a key. */
  readonly key: readonly string[];
  /** As bpftrace printed it: a count, or a sum in whatever the script summed. Negative sums occur. */
  readonly value: Figure;
  /** Of `stats()`: what `value` is the total of. */
  readonly stats: { readonly count: Figure; readonly average: Figure } | null;
}

export interface BpfMap {
  /** With its `@`. */
  readonly name: string;
  readonly entries: readonly MapEntry[];
  readonly lines: readonly number[];
}

/** One print of the maps. */
export interface MapPrint {
  /** `total`: over the whole trace; `interval`: over a part of it, or up to then; null where the text leaves it open. */
  readonly part: 'total' | 'interval' | null;
  /** Time of day printed just before it, as it stands; null where none was. */
  readonly time: string | null;
  readonly maps: readonly BpfMap[];
}

/** What bpftrace printed. */
export interface MapPrints {
  readonly probes: Figure | null;
  /** The tracer said that a map had no room for more keys, or that it could not update one: the counts are lower bounds. */
  readonly isIncomplete: boolean;
  readonly lostEvents: Figure | null;
  readonly prints: readonly MapPrint[];
  /** Histograms, by name: listed, not read. */
  readonly histograms: readonly { readonly name: string; readonly key: readonly string[]; readonly line: number }[];
  readonly format: 'text' | 'json';
}

export interface TracedCall {
  readonly name: string;
  readonly calls: Figure;
  /** null where the table has no such column, or its cell is empty. */
  readonly errors: Figure | null;
  readonly totalNs: Figure | null;
  readonly minNs: Figure | null;
  readonly averageNs: Figure | null;
  readonly maxNs: Figure | null;
  readonly stddevPercent: Figure | null;
}

export interface TracedThread {
  /** null: the table is over all threads (`--summary-mode=total`), or its heading is missing. */
  readonly name: string | null;
  readonly tid: Figure | null;
  readonly events: Figure | null;
  readonly eventsPercent: Figure | null;
  readonly calls: readonly TracedCall[];
}

/** The tables of `perf trace -s`. */
export interface ThreadTables {
  readonly threads: readonly TracedThread[];
}

export interface CallTotal {
  readonly name: string;
  readonly timePercent: Figure | null;
  readonly timeNs: Figure | null;
  readonly averageNs: Figure | null;
  readonly calls: Figure | null;
  /** null where the cell is empty: strace leaves zero out. */
  readonly errors: Figure | null;
  readonly minNs: Figure | null;
  readonly maxNs: Figure | null;
}

/** A table of `strace -c`: all threads together. */
export interface CallTable {
  readonly calls: readonly CallTotal[];
  /** The last row; null where the text stops before it. */
  readonly total: CallTotal | null;
}

/** A tool ran, and the text has none of its figures: a server, or a client that was ended. */
export interface NoFigures {
  readonly side: 'client' | 'server' | null;
}

/** A tool said that it failed. */
export interface Failure {
  /** Its own words, at most 300 characters. */
  readonly message: string;
}

export type TransferReading = OutputReading<'transfer', Transfer>;
export type LatencyReading = OutputReading<'latency', LatencyFigures>;
export type MessageRateReading = OutputReading<'message-rate', MessageRate>;
export type MapReading = OutputReading<'bpf-maps', MapPrints>;
export type ThreadTablesReading = OutputReading<'thread-tables', ThreadTables>;
export type CallTableReading = OutputReading<'call-table', CallTable>;
export type NoFiguresReading = OutputReading<'no-figures', NoFigures>;
export type FailureReading = OutputReading<'failure', Failure>;

export type AnyReading =
  | TransferReading
  | LatencyReading
  | MessageRateReading
  | MapReading
  | ThreadTablesReading
  | CallTableReading
  | NoFiguresReading
  | FailureReading;

export interface UnreadLine {
  readonly line: number;
  readonly text: string;
}

export interface OutputText {
  /** In the order of their first lines. */
  readonly readings: readonly AnyReading[];
  /** Lines that hold something and belong to no reading. */
  readonly notUnderstood: readonly UnreadLine[];
}
