import { figure } from '../figure.ts';
import type {
  Connection,
  NoFiguresReading,
  ToolName,
  Transfer,
  TransferReading,
  TransferRow,
  UnreadLine,
} from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import { type StreamCount, withDatagrams } from './iperf-datagrams.ts';
import { readIperfRow, readOutOfOrder, type TailColumn } from './iperf-row.ts';
import { RunSpans } from './iperf-runs.ts';
import { endOfCaption, generationOf, iperfTalk, isIperfAside, readDatagramsSent } from './iperf-talk.ts';
import { divideRows, type ReadRow } from './iperf-totals.ts';
import { type Ways, waysOf } from './iperf-ways.ts';
import type { OutputReader, Taken } from './reader.ts';

const heading = /\[(?: ?ID|SUM-cnt)\](?:\[Role\])?\s+Interval\b/;
/** Columns of iperf 2 (`-e`, trip times, bounce-back) that are not read, or not wholly. */
const furtherColumns = /(?:Write\/Err|Reads=Dist|NetPwr|PPS|inP|Latency|BB cnt|RPS|Isoch|[Ff]rames)\S*/g;
/** A rate of a report that never came. */
const voidRow = /^\[\s*\S{1,8}\]\s.{0,60}\s-?(?:nan|inf)\s+[KMGT]?(?:bits|Bytes)\/sec/i;
const shortRule = /^(?:- ){4,}-?$/;
const longRule = /^-{20,}$/;
const title = /^[\w .-]{1,40}: {2}(?=\[|- - - |Connecting to |Accepted |Reverse mode|iperf Done)/;
const connected =
  /\[\s*(\*?\s?\d{1,6})\] local (\S{1,64}) port (\d{1,5}) connected (?:to|with) (\S{1,64}) port (\d{1,5})/;
const listening = /^(?:Server listening on|Client connecting to \S+,) (?:TCP |UDP )?(?:port )?(\d{1,5})/;
const version = /^iperf (?:version )?(\d+\.\d+(?:\.\d+)?\S{0,12})(?: \(|$)/;
const control = /^(snd|rcv)_tcp_congestion (\S{1,32})/;
const cpu = /^CPU Utilization: local\/(?:sender|receiver) (\d+\.\d+)%.*remote\/(?:sender|receiver) (\d+\.\d+)%/;
const begins =
  /^(?:Connecting to host |Client connecting to |Server listening on |Server output:|Accepted connection )/;
/** The first words of a line or its bracket, which one of the patterns above or a row needs: spares the patterns for prose. */
const gate = /^[\w .-]{0,44}:? {0,2}(?:\[|- - - -|-{20})/;

/** Reads what iperf 2 or iperf3 printed as text, one run on one end. */
export class IperfText implements OutputReader {
  readonly #lines: number[] = [];
  readonly #rows: ReadRow[] = [];
  readonly #connections: Connection[] = [];
  readonly #outOfOrder: StreamCount[] = [];
  readonly #sent: StreamCount[] = [];
  readonly #asides: UnreadLine[] = [];
  readonly #listening = new Set<number>();
  #column: TailColumn = null;
  #furtherColumns: string | null = null;
  readonly #spans = new RunSpans();
  #isAfterRule = false;
  #isSummary = false;
  /** Streams whose next row is the server's report. */
  readonly #reports = new Set<string>();
  #hasReports = false;
  #isEnded = false;
  #captionEnd: 'sender' | 'receiver' | null = null;
  #isSure = false;
  #generation: 2 | 3 | null = null;
  /** A row stood above every heading. */
  #beginsInTable = false;
  #hasHeading = false;
  #hasRetrHeading = false;
  #protocol: Transfer['protocol'];
  #side: Transfer['side'];
  /** The server goes on with a further client. */
  #isServed = false;
  #direction: Transfer['direction'] = null;
  #version: string | null = null;
  #isServerOutput = false;
  #congestion: { sender: string | null; receiver: string | null } | null = null;
  #cpu: Transfer['toolCpuPercent'] = null;

  /** @param server the output before, where this one is of its next client */
  constructor(server: IperfText | null = null) {
    this.#side = server === null ? null : 'server';
    this.#protocol = server === null ? null : server.#protocol;
  }

  next(): IperfText {
    return new IperfText(this.#isServed ? this : null);
  }

  take(line: TextLine): Taken {
    const text = line.text.trim();
    const untitled: TextLine = { number: line.number, text: title.test(text) ? text.replace(title, '') : text };
    const verdict = gate.test(text) ? this.#takeTable(untitled) : this.#takeTalk(untitled);
    if (verdict === 'refused') this.#spans.pass(text);
    if (verdict !== 'taken' && verdict !== 'weak') return verdict;
    this.#lines.push(line.number);
    const generation = generationOf(untitled.text);
    if (generation !== null) this.#generation = generation === 3 ? 3 : (this.#generation ?? 2);
    return verdict;
  }

  #takeTable(line: TextLine): Taken {
    if (shortRule.test(line.text)) {
      this.#isAfterRule = true;
      return 'weak';
    }
    if (longRule.test(line.text)) return this.#rows.length > 0 ? 'new' : 'weak';
    if (heading.test(line.text)) return this.#takeHeading(line.text);
    const isVoid = voidRow.test(line.text);
    if (isVoid) this.#reports.clear();
    const row = isVoid ? null : readIperfRow(line, this.#column);
    if (row !== null) return this.#takeRow(row, line.text.slice(0, line.text.indexOf('[')));
    const late = readOutOfOrder(line);
    if (late !== null) this.#outOfOrder.push(late);
    if (late !== null) return 'taken';
    return this.#takeConnection(line) ?? this.#takeTalk(line);
  }

  #takeHeading(text: string): Taken {
    const hasTotals = this.#rows.some(({ row }) => row.end !== null);
    if (this.#isEnded || (hasTotals && !this.#hasReports)) return 'new';
    this.#isSure = true;
    this.#hasHeading = true;
    this.#isSummary = this.#isAfterRule;
    const further = text.match(furtherColumns);
    this.#furtherColumns = further === null ? null : further.join(' ');
    this.#column = /\bRetr\b/.test(text)
      ? 'retransmits'
      : /Lost\/Total/.test(text)
        ? 'datagram-loss'
        : /Total Datagrams/.test(text)
          ? 'datagram-total'
          : null;
    if (this.#column === 'retransmits') {
      this.#hasRetrHeading = true;
      this.#protocol ??= 'tcp';
    } else if (this.#column !== null) this.#protocol ??= 'udp';
    return 'taken';
  }

  #takeRow(row: TransferRow, before: string): Taken {
    const isTold = this.#captionEnd !== null;
    if (this.#isEnded || this.#isRepeated(row) || (!isTold && this.#isOfNextRun(row, before))) return 'new';
    this.#isAfterRule = false;
    if (this.#rows.length === 0) this.#beginsInTable = !this.#hasHeading && this.#connections.length === 0;
    if (row.datagrams !== null) this.#protocol ??= 'udp';
    if (row.retransmits !== null) this.#protocol ??= 'tcp';
    if (row.congestionWindowBytes !== null && this.#column === null) this.#column = 'retransmits';
    const isReport = row.datagrams?.lost !== undefined && row.end === null && this.#reports.delete(row.stream);
    const restColumns = row.rest === null ? null : this.#furtherColumns;
    const end = isReport ? 'receiver' : (row.end ?? this.#captionEnd);
    this.#captionEnd = null;
    this.#rows.push({ row: { ...row, end, restColumns }, isSummary: this.#isSummary || isReport });
    return 'taken';
  }

  /** The same total again: a second run was pasted behind the first. */
  #isRepeated(row: TransferRow): boolean {
    if (row.end === null || this.#hasReports) return false;
    for (let place = this.#rows.length - 1; place >= 0; place -= 1) {
      const each = this.#rows[place]?.row;
      if (each === undefined || each.end === null) return false;
      if (each.stream === row.stream && each.end === row.end && each.role === row.role) return true;
    }
    return false;
  }

  /** A second run was pasted behind the first, without a word. */
  #isOfNextRun(row: TransferRow, before: string): boolean {
    const isReported = this.#hasReports || this.#reports.size > 0 || this.#isSummary;
    if (row.end === null && !row.isOmitted && !isReported && row.startNs.value === 0)
      return this.#spans.beginsRun(row, { isBare: this.#beginsInTable, before });
    if (!row.isOmitted && row.end === null) this.#spans.goOn(row);
    return false;
  }

  #takeConnection({ text, number }: TextLine): Taken | undefined {
    const match = connected.exec(text);
    if (match === null) return undefined;
    const [, , , port] = match;
    // The next client of an iperf 2 server that prints totals only: of two runs a client has no port twice.
    const isServers = this.#side === 'server' || this.#connections.at(-1)?.localPort === Number(port);
    const isNext = isServers && this.#rows.length > 0 && this.#rows.every(({ row }) => row.startNs.value === 0);
    this.#isServed = isNext && this.#side === 'server';
    if (isNext) return 'new';
    const [, stream = '', localAddress = '', localPort = '', remoteAddress = '', remotePort = ''] = match;
    this.#connections.push({
      stream: stream.replace(/\s/g, ''),
      localAddress,
      localPort: Number(localPort),
      remoteAddress,
      remotePort: Number(remotePort),
      line: number,
    });
    if (text.includes('(full-duplex)')) this.#direction = 'both';
    else if (text.includes('(reverse)')) this.#direction = 'reverse';
    this.#isSure = true;
    return 'taken';
  }

  #takeTalk({ text, number }: TextLine): Taken {
    this.#captionEnd = this.#hasHeading ? endOfCaption(text) : null;
    if (this.#captionEnd !== null) return 'weak';
    const talk = iperfTalk(text);
    if (talk === null) return 'refused';
    if (begins.test(text) && (this.#rows.length > 0 || this.#isEnded)) return 'new';
    if (talk === 'opening') this.#isSure = true;
    if (text === 'iperf Done.') this.#isEnded = true;
    else if (text.startsWith('Server output:')) this.#isServerOutput = true;
    else if (text.endsWith('Server Report:')) {
      this.#hasReports = true;
      this.#reports.add(text.slice(1, text.indexOf(']')).trim());
    } else if (text.startsWith('Reverse mode')) this.#direction = 'reverse';
    else if (text.startsWith('Client connecting to ') || text.startsWith('Connecting to host ')) {
      // The client of a run both ways listens, too, before it connects.
      if (this.#connections.length === 0) this.#side = 'client';
    } else if (text.startsWith('Server listening on ') || text.startsWith('Accepted connection '))
      this.#side ??= 'server';
    const stated = /(?:, | on |protocol: )(TCP|UDP)(?= port|,)/.exec(text)?.[1];
    if (stated !== undefined) this.#protocol ??= stated === 'TCP' ? 'tcp' : 'udp';
    this.#takeDetails(text, number);
    return talk === 'opening' ? 'taken' : 'weak';
  }

  #takeDetails(text: string, line: number): void {
    const sent = readDatagramsSent({ text, number: line });
    if (sent !== null) this.#sent.push(sent);
    if (isIperfAside(text)) this.#asides.push({ line, text });
    const port = listening.exec(text)?.[1];
    if (port !== undefined) this.#listening.add(Number(port));
    this.#version ??= version.exec(text)?.[1] ?? null;
    const [, end, algorithm = null] = control.exec(text) ?? [];
    if (end !== undefined) {
      const known = this.#congestion ?? { sender: null, receiver: null };
      this.#congestion = end === 'snd' ? { ...known, sender: algorithm } : { ...known, receiver: algorithm };
    }
    const [, localText = '', remoteText = ''] = cpu.exec(text) ?? [];
    const local = figure({ digits: localText, line });
    const remote = figure({ digits: remoteText, line });
    if (local !== null && remote !== null) this.#cpu = { local, remote };
  }

  finish(): TransferReading | NoFiguresReading | null {
    if (this.#rows.length === 0) {
      if (!this.#isSure) return null;
      const tool = { name: this.#toolName(), version: this.#version };
      return { kind: 'no-figures', tool, value: { side: this.#side }, lines: this.#lines };
    }
    const name = this.#toolName();
    const ways = waysOf({
      connections: name === 'iperf' ? this.#connections : [],
      listening: this.#listening,
      firstRow: this.#rows[0]?.row.line ?? Infinity,
    });
    const rows = this.#toldRows(ways);
    const { intervals, totals } = divideRows(rows, name === 'iperf3');
    const hasRoles = rows.some(({ row }) => row.role !== null);
    return {
      kind: 'transfer',
      tool: { name, version: this.#version },
      value: {
        // A heading of iperf3 without columns of datagrams is TCP's; iperf 2's may be either's.
        protocol: this.#protocol ?? (name === 'iperf3' && this.#hasHeading && rows.length > 0 ? 'tcp' : null),
        side: this.#side,
        direction: ways.direction ?? (hasRoles ? 'both' : this.#direction),
        connections: this.#connections,
        intervals,
        totals,
        congestionControl: this.#congestion,
        toolCpuPercent: this.#cpu,
        isServerOutput: this.#isServerOutput,
        asides: this.#asides,
        format: 'text',
        isCut: false,
        beginsInTable: this.#beginsInTable,
      },
      lines: this.#lines,
    };
  }

  /** The rows with what other lines say of them. */
  #toldRows({ roles }: Ways): ReadRow[] {
    const rows = this.#rows.map(({ row }) => row);
    const told = withDatagrams(rows, { outOfOrder: this.#outOfOrder, sent: this.#sent });
    return told.map((row, place) => ({
      row: { ...row, role: row.role ?? roles.get(row.stream) ?? (roles.size > 0 && row.isSum ? 'both' : null) },
      isSummary: this.#rows[place]?.isSummary ?? false,
    }));
  }

  /** iperf3 writes two decimals and whose count it is; iperf 2 one or four decimals, or two with `-e` of 2.0. */
  #toolName(): ToolName['name'] {
    if (this.#version !== null) return this.#version.startsWith('3') ? 'iperf3' : 'iperf';
    // Only iperf 2 has them, and `-e` of it two decimals as iperf3 has.
    if (this.#hasReports || this.#furtherColumns !== null) return 'iperf';
    if (this.#hasRetrHeading || this.#isServerOutput || this.#rows.some(({ row }) => row.end !== null)) return 'iperf3';
    if (this.#generation !== null) return this.#generation === 3 ? 'iperf3' : 'iperf';
    const first = this.#rows[0]?.row.startNs.text;
    if (first === undefined) return this.#lines.length > 0 && this.#isThirdGeneration() ? 'iperf3' : 'iperf';
    return first.split('.')[1]?.length === 2 ? 'iperf3' : 'iperf';
  }

  #isThirdGeneration(): boolean {
    return this.#side !== null && this.#protocol === null;
  }
}
