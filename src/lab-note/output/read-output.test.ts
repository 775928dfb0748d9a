import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Figure } from '../figure.ts';
import type { AnyReading, BpfMap, TransferRow } from '../reading.ts';
import { cleanLine, splitLines, textLines } from '../text-lines.ts';
import { isWithoutContent } from './block-line.ts';
import { readOutput } from './read-output.ts';

const folder = join(import.meta.dirname, '../../../test/fixtures/lab-note');
const tools = readdirSync(folder).filter((name) => !/^(?:note|README\.md|readings\.txt)$/.test(name));
const files = tools.flatMap((tool) => readdirSync(join(folder, tool)).map((name) => `${tool}/${name}`)).toSorted();

function fixture(file: string): string {
  return readFileSync(join(folder, file), 'utf8');
}

function words(figure: Figure | null): string {
  return figure === null ? '-' : figure.text;
}

function rowWords(row: TransferRow): string {
  const { datagrams: d } = row;
  const loss = d === null ? [] : [words(d.jitterNs), `${words(d.lost)}/${words(d.total)}`, words(d.outOfOrder)];
  const cells = [
    words(row.startNs),
    words(row.stopNs),
    words(row.bytes),
    words(row.bitsPerSecond),
    words(row.retransmits),
  ];
  return [row.stream, row.role ?? '-', row.end ?? '-', ...cells, ...loss].join(' ');
}

function mapWords({ name, entries }: BpfMap): string {
  return entries.map(({ key, value }) => `${name}[${key.join('|')}]=${value.text}`).join(' ');
}

/** The figures of a reading that matter, one line each. */
function describeReading(reading: AnyReading): string[] {
  const { kind, tool, value } = reading;
  const head = `${kind} ${tool.name} ${tool.version ?? '-'} lines ${String(reading.lines[0])}-${String(reading.lines.at(-1))}`;
  switch (kind) {
    case 'transfer': {
      const { protocol, side, direction, intervals, totals } = value;
      const omitted = intervals.filter((row) => row.isOmitted).length;
      const says = `${protocol ?? '-'} ${side ?? '-'} ${direction ?? '-'} ${String(intervals.length)} intervals, ${String(omitted)} omitted`;
      return [`${head} ${says}`, ...totals.map((row) => `  ${rowWords(row)}`)];
    }
    case 'latency': {
      const { meaning, protocol, meanNs, stddevNs, minNs, maxNs, spread, dropped, valid, total } = value;
      const percentiles = value.percentiles.map(({ percent, ns }) => `${percent.text}=${ns.text}`).join(' ');
      return [
        `${head} ${protocol ?? '-'} ${meaning ?? '-'} mean ${words(meanNs)} sd ${words(stddevNs)} min ${words(minNs)} max ${words(maxNs)} mad ${words(spread?.medianAbsoluteDeviationNs ?? null)}`,
        `  dropped ${words(dropped)} valid ${words(valid?.received ?? null)} in ${words(valid?.durationNs ?? null)} of ${words(total?.sent ?? null)}`,
        `  ${percentiles}`,
      ];
    }
    case 'message-rate':
      return [
        `${head} ${value.protocol ?? '-'} ${words(value.messages)} in ${words(value.durationNs)}, ${words(value.messagesPerSecond)}/s of ${words(value.messageBytes)}, ${String(value.bitsPerSecond?.value)} bit/s`,
      ];
    case 'bpf-maps':
      return [
        `${head} probes ${words(value.probes)} histograms ${String(value.histograms.length)}`,
        ...value.prints.map(
          ({ part, time, maps }) => `  ${part ?? '?'} ${time ?? '-'} ${maps.map(mapWords).join(' ')}`,
        ),
      ];
    case 'thread-tables':
      return [
        head,
        ...value.threads.map(({ name, tid, events, calls }) => {
          const [most] = calls;
          return `  ${name ?? '-'} ${words(tid)} ${words(events)}: ${String(calls.length)} calls, ${most === undefined ? '' : `${most.name} ${most.calls.text} ${words(most.totalNs)}`}`;
        }),
      ];
    case 'call-table':
      return [
        `${head} ${String(value.calls.length)} calls, total ${words(value.total?.calls ?? null)} ${words(value.total?.timeNs ?? null)} errors ${words(value.total?.errors ?? null)}`,
      ];
    case 'no-figures':
      return [`${head} ${value.side ?? '-'}`];
    case 'failure':
      return [`${head} ${value.message}`];
  }
}

function figuresIn(value: unknown): Figure[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('halfUnit' in value && 'text' in value && 'line' in value) return [value as Figure]; // by its three own fields
  return Object.values(value).flatMap(figuresIn);
}

function transfers(text: string) {
  return readOutput(text).readings.filter((each) => each.kind === 'transfer');
}

describe('readOutput', () => {
  it('reads from every fixture what readings.txt says, which was compared with the fixtures by eye', async () => {
    const text = files
      .flatMap((file) => [`== ${file}`, ...readOutput(fixture(file)).readings.flatMap(describeReading), ''])
      .join('\n');
    await expect(text).toMatchFileSnapshot(join(folder, 'readings.txt'));
  });

  it.each(files)('gives only figures that stand in the line they name: %s', (file) => {
    const text = fixture(file);
    const lines = splitLines(text).map(cleanLine);
    for (const { text: words, line } of figuresIn(readOutput(text).readings)) expect(lines[line - 1]).toContain(words);
  });

  it('reads every line once: as part of a reading, or as not understood', () => {
    for (const file of files) {
      const text = fixture(file);
      const { readings, notUnderstood } = readOutput(text);
      const read = new Set(readings.flatMap((each) => each.lines));
      const unread = new Set(notUnderstood.map((each) => each.line));
      for (const { number, text: line } of textLines(splitLines(text))) {
        if (isWithoutContent(line)) continue;
        const isRead = read.has(number);
        expect([file, number, isRead || unread.has(number)]).toEqual([file, number, line.trim() !== '' || isRead]);
        expect([file, number, isRead && unread.has(number)]).toEqual([file, number, false]);
      }
    }
  });

  it('reads the lines before a cut as if nothing had been cut', () => {
    for (const file of files.filter((each) => !/json/.test(each))) {
      const text = fixture(file);
      const whole = new Set(
        figuresIn(readOutput(text).readings).map(({ line, text: words }) => `${String(line)} ${words}`),
      );
      for (let step = 1; step < 8; step += 1) {
        const cut = text.slice(0, Math.floor((text.length * step) / 8));
        const last = splitLines(cut).length;
        for (const { line, text: words } of figuresIn(readOutput(cut).readings)) {
          if (line < last) expect(whole).toContain(`${String(line)} ${words}`);
        }
      }
    }
  });

  it('agrees with iperf3 itself where it printed the same run as text and as JSON', () => {
    const both = files.filter((file) => /iperf3-.*\/json-tcp/.test(file));
    expect(both.length).toBeGreaterThan(5);
    for (const file of both) {
      const [json, server] = transfers(fixture(file));
      const end = file.includes('reverse') ? 'sender' : 'receiver';
      const of = (rows: readonly TransferRow[]) =>
        rows.findLast((row) => row.end === end && (row.isSum || rows.length < 3));
      const exact = of(json?.value.totals.filter((row) => row.isSum) ?? []);
      const rounded = of(server?.value.totals ?? []);
      const difference = Math.abs((exact?.bytes?.value ?? NaN) - (rounded?.bytes?.value ?? NaN));
      expect([file, difference <= (rounded?.bytes?.halfUnit ?? 0)]).toEqual([file, true]);
    }
  });

  it('keeps iperf3 JSON that breaks off up to the break', () => {
    const text = fixture('iperf3-3.12/json-tcp-2.txt');
    const [whole] = transfers(text);
    const [cut] = transfers(text.slice(0, text.indexOf('"end":\t{')));
    expect(cut?.value.isCut).toBe(true);
    expect(cut?.value.intervals).toEqual(whole?.value.intervals);
    expect(cut?.value.totals).toEqual([]);
  });

  it('reads the same figures through colour codes, log prefixes, CR LF, tabs and special spaces', () => {
    const disguises: readonly ((line: string) => string)[] = [
      (line) => `[STDOUT] ${line}`,
      (line) => `2026-01-31T12:00:00.123Z ${line}`,
      (line) => `Jan 31 12:00:00 vm iperf3[12]: ${line}`,
      (line) => `server-1  | ${line}`,
      (line) => `\u001b[1m${line}\u001b[0m`,
      (line) => `${line}\r`,
      (line) => line.replaceAll('  ', '\u00a0 '),
      (line) => line.replaceAll('   ', '\t'),
    ];
    for (const file of [
      'iperf3-3.12/tcp-4.txt',
      'iperf-2.1.8/udp.txt',
      'sockperf-3.10/ping-pong.txt',
      'strace-6.1/dd.txt',
    ]) {
      const values = (text: string) => figuresIn(readOutput(text).readings).map(({ value, line }) => [value, line]);
      const text = fixture(file);
      for (const disguise of disguises) {
        const disguised = text.split('\n').map((line) => (line === '' ? line : disguise(line)));
        expect(values(disguised.join('\n'))).toEqual(values(text));
      }
    }
  });

  it('tells outputs that stand one after another apart', () => {
    const parts = [
      'iperf3-3.12/tcp.txt',
      'sockperf-3.7/ping-pong.txt',
      'bpftrace-0.17/counts.txt',
      'iperf3-3.12/udp.txt',
      'iperf3-3.12/json-udp.txt',
      'strace-6.1/dd.txt',
      'perf-6.1/dd.txt',
    ];
    const kinds = readOutput(parts.map(fixture).join('\n...\n')).readings.map((each) => each.kind);
    expect(kinds).toEqual([
      'transfer',
      'latency',
      'bpf-maps',
      'transfer',
      'transfer',
      'transfer',
      'call-table',
      'thread-tables',
    ]);
  });

  it('reads two tables without anything between them as two runs', () => {
    const rows = '[  5]   0.00-10.00  sec  14.4 GBytes  12.4 Gbits/sec    0             sender\n';
    expect(transfers(rows + rows)).toHaveLength(2);
  });

  it('says of a rounded figure how far it may be off', () => {
    const row = transfers('[SUM]   0.00-30.00  sec  57.2 GBytes  16.4 Gbits/sec    0             sender')[0]?.value
      .totals[0];
    expect(row?.bitsPerSecond).toEqual({ value: 16.4e9, halfUnit: 0.05e9, text: '16.4 Gbits/sec', line: 1 });
    expect(row?.bytes).toEqual({ value: 57.2 * 1024 ** 3, halfUnit: 0.05 * 1024 ** 3, text: '57.2 GBytes', line: 1 });
    expect(row?.retransmits).toEqual({ value: 0, halfUnit: 0, text: '0', line: 1 });
    expect(row?.startNs).toEqual({ value: 0, halfUnit: 5e6, text: '0.00', line: 1 });
  });

  it('gives no figure for a number that no tool prints', () => {
    const nines = '9'.repeat(400);
    const text = [
      `@total[a, read]: ${nines}`,
      `sockperf: ---> percentile 99.000 = ${nines}.000`,
      '@x: NaN',
      '@x: 1e5',
    ].join('\n');
    expect(figuresIn(readOutput(text).readings)).toEqual([]);
  });

  it('reads any text without failing', () => {
    const seeds = files.map(fixture);
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.nat(),
        fc.string({ maxLength: 12, unit: 'binary' }),
        fc.nat(40),
        (text, ...[place, piece, removed]) => {
          const at = place % (text.length + 1);
          const changed = text.slice(0, at) + piece + text.slice(at + removed);
          const lines = splitLines(changed).map(cleanLine);
          for (const { text: words, line, value } of figuresIn(readOutput(changed).readings)) {
            expect(lines[line - 1]).toContain(words);
            expect(Number.isFinite(value)).toBe(true);
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
