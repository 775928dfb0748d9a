import { type Figure, figure, unit } from '../figure.ts';
import type { LatencyReading, MessageCounts, MessageRateReading, NoFiguresReading } from '../reading.ts';
import type { TextLine } from '../text-lines.ts';
import type { OutputReader, Taken } from './reader.ts';
import {
  address,
  bandwidth,
  bandwidthUnit,
  type Cell,
  counts,
  extreme,
  figureLines,
  gate,
  meansHalf,
  meansWhole,
  mode,
  percentile,
  runLine,
  setting,
  talk,
  us,
  version,
} from './sockperf-lines-table.ts';
import { readSpread } from './sockperf-spread.ts';

/** Reads what sockperf printed: the figures of one server (latency) or of what was sent (throughput mode). */
export class SockperfText implements OutputReader {
  readonly #lines: number[] = [];
  readonly #found = new Map<string, Figure>();
  readonly #percentiles: { percent: Figure; ns: Figure }[] = [];
  #total: MessageCounts | null = null;
  #valid: MessageCounts | null = null;
  #spread: LatencyReading['value']['spread'] = null;
  #meaning: LatencyReading['value']['meaning'] = null;
  #protocol: 'tcp' | 'udp' | null = null;
  #mode: LatencyReading['value']['mode'] = null;
  #version: string | null = null;
  #side: 'client' | 'server' | null = null;
  #isSure = false;

  take(line: TextLine): Taken {
    if (!gate.test(line.text) && !setting.test(line.text)) return 'refused';
    const verdict = this.#read(line);
    if (verdict === 'taken' || verdict === 'weak') this.#lines.push(line.number);
    return verdict;
  }

  #read(line: TextLine): Taken {
    const { text } = line;
    const opened = text.includes('== version #') ? version.exec(text) : null;
    if (opened !== null) {
      if (this.#version !== null || this.#hasFigures()) return 'new';
      this.#version = opened[1] ?? null;
      this.#isSure = true;
      return 'taken';
    }
    const isFigures = this.#readCounts(line) ?? this.#readLatency(line) ?? this.#readBandwidth(line);
    if (isFigures !== undefined) {
      if (isFigures === 'taken') this.#isSure = true;
      return isFigures;
    }
    return this.#readTalk(text);
  }

  #readTalk(text: string): Taken {
    const [, protocol] = address.exec(text) ?? [];
    if (protocol !== undefined) {
      this.#protocol = protocol === 'TCP' ? 'tcp' : 'udp';
      return 'taken';
    }
    const pingPong = mode.exec(text)?.[1];
    if (pingPong !== undefined && this.#isSure) {
      if (pingPong === '1') this.#mode = 'ping-pong';
      return 'taken';
    }
    if (this.#isSure && !this.#hasFigures() && setting.test(text)) return 'weak';
    if (talk.test(text)) {
      if (text.includes('[SERVER]')) this.#side = 'server';
      else if (text.includes('[CLIENT]')) this.#side = 'client';
      this.#isSure = true;
      return 'taken';
    }
    return runLine.test(text) ? 'weak' : 'refused';
  }

  #readCounts({ text, number: line }: TextLine): Taken | undefined {
    const match = text.includes('RunTime=') ? counts.exec(text) : null;
    if (match === null) return undefined;
    const [, which, seconds = '', sentText = '', receivedText = ''] = match;
    const isTotal = which === 'Total Run';
    if ((isTotal ? this.#total : this.#valid) !== null || (isTotal && this.#found.has('mean'))) return 'new';
    const durationNs = figure({ digits: seconds, line, unit: unit.seconds });
    const sentCount = figure({ digits: sentText, line, isExact: true });
    const received = figure({ digits: receivedText, line, isExact: true });
    if (durationNs === null || sentCount === null || received === null) return 'refused';
    const read = { durationNs, sent: sentCount, received };
    if (isTotal) this.#total = read;
    else this.#valid = read;
    return 'taken';
  }

  /** Keeps the figures of one line, all of them or none. One that is there already means that another output has begun. */
  #keep(line: number, cells: readonly Cell[]): Taken {
    const read: [string, Figure][] = [];
    for (const { name, digits, ...how } of cells) {
      if (digits === undefined) continue;
      if (this.#found.has(name)) return 'new';
      const value = figure({ digits, line, ...how });
      if (value === null) return 'refused';
      read.push([name, value]);
    }
    for (const [name, value] of read) this.#found.set(name, value);
    return 'taken';
  }

  #readLatency(line: TextLine): Taken | undefined {
    const { text, number } = line;
    if (text.includes('--->')) return this.#readQuantile(line);
    for (const { words, pattern, cells } of figureLines) {
      if (!text.includes(words)) continue;
      const match = pattern.exec(text);
      if (match === null) continue;
      const taken = this.#keep(
        number,
        cells.map((cell, place) => ({ ...cell, digits: match[place + 1] })),
      );
      if (taken === 'taken') this.#readMeaning(line);
      return taken;
    }
    return undefined;
  }

  #readQuantile(line: TextLine): Taken | undefined {
    const edge = extreme.exec(line.text);
    if (edge === null) return this.#readPercentile(line);
    return this.#keep(line.number, [{ name: edge[1] ?? '', digits: edge[2], unit: us }]);
  }

  #readMeaning(line: TextLine): void {
    if (meansHalf.test(line.text)) this.#meaning ??= 'half-round-trip';
    else if (meansWhole.test(line.text)) this.#meaning ??= 'round-trip';
    this.#spread ??= readSpread(line);
  }

  #readPercentile({ text, number: line }: TextLine): Taken | undefined {
    const match = percentile.exec(text);
    if (match === null) return undefined;
    const percent = figure({ digits: match[1] ?? '', line, isExact: true });
    const ns = figure({ digits: match[2] ?? '', line, unit: unit.microseconds });
    if (percent === null || ns === null || percent.value > 100) return 'refused';
    if (this.#percentiles.some((each) => each.percent.value === percent.value)) return 'new';
    this.#percentiles.push({ percent, ns });
    return 'taken';
  }

  #readBandwidth({ text, number }: TextLine): Taken | undefined {
    const match = bandwidth.exec(text);
    if (match === null) return undefined;
    const [, digits = '', prefix = 'M'] = match;
    // Up to 3.7 `--increase_output_precision` (nine decimals) prints MBps under the name of GBps.
    const isMislabelled = prefix === 'G' && /\.\d{9}$/.test(digits);
    const of = bandwidthUnit[isMislabelled ? 'M' : prefix] ?? unit.one;
    return this.#keep(number, [{ name: 'bandwidth', digits, unit: of }]);
  }

  #get(name: string): Figure | null {
    return this.#found.get(name) ?? null;
  }

  #hasFigures(): boolean {
    return this.#found.size > 0 || this.#total !== null || this.#valid !== null || this.#percentiles.length > 0;
  }

  finish(): LatencyReading | MessageRateReading | NoFiguresReading | null {
    if (!this.#isSure) return null;
    const tool = { name: 'sockperf', version: this.#version } as const;
    if (!this.#hasFigures()) return { kind: 'no-figures', tool, value: { side: this.#side }, lines: this.#lines };
    if (['messages', 'rate', 'bandwidth'].some((name) => this.#found.has(name)))
      return { kind: 'message-rate', tool, value: this.#messageRate(), lines: this.#lines };
    return {
      kind: 'latency',
      tool,
      value: {
        mode: this.#mode,
        protocol: this.#protocol,
        meaning: this.#meaning,
        serverNumber: this.#get('server'),
        total: this.#total,
        valid: this.#valid,
        meanNs: this.#get('mean'),
        stddevNs: this.#get('stddev'),
        spread: this.#spread,
        dropped: this.#get('dropped'),
        duplicated: this.#get('duplicated'),
        outOfOrder: this.#get('outOfOrder'),
        summaryNs: this.#get('summary'),
        burstMessages: this.#get('burst'),
        observations: this.#get('observations'),
        perPercentile: this.#get('per-percentile'),
        minNs: this.#get('MIN'),
        maxNs: this.#get('MAX'),
        percentiles: this.#percentiles,
      },
      lines: this.#lines,
    };
  }

  #messageRate(): MessageRateReading['value'] {
    return {
      protocol: this.#protocol,
      messages: this.#get('messages'),
      skipped: this.#get('skipped'),
      durationNs: this.#get('duration'),
      messageBytes: this.#get('message-bytes'),
      messagesPerSecond: this.#get('rate'),
      packetsPerSecond: this.#get('packet-rate'),
      bitsPerSecond: this.#get('bandwidth'),
    };
  }
}
