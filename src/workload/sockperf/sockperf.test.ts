import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { afterAll, describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { latency } from '../../record/latency.ts';
import { halfRoundTripDistribution } from '../output/message-statistics.ts';
import { readFullLog } from './output/log.ts';
import { sockperfReader } from './output/reader.ts';
import { RowScanner } from './output/row-scanner.ts';
import { readSockperfOutput } from './output/summary.ts';
import type { SockperfSpec } from './record.ts';
import { sockperf } from './sockperf.ts';

const fixturePath = (name: string) => fileURLToPath(new URL(`../../../test/fixtures/${name}`, import.meta.url));
const fixture = (name: string) => readFileSync(fixturePath(name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'sockperf-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const spec: SockperfSpec = {
  name: 'small',
  kind: 'sockperf',
  durationNs: 30e9,
  mode: 'ping-pong',
  protocol: 'udp',
  messageBytes: 64,
  messagesPerSecond: null,
};
const place = { serverAddress: '192.168.100.1', clientFolder: '/tmp/w', keepsLog: false };

/** What a client of the recorded run left; `log`: a text in place of the recorded log. */
function raw(name: string, log?: string) {
  const path = log === undefined ? fixturePath(`${name}.csv`) : join(folder, 'log.csv');
  if (log !== undefined) writeFileSync(path, log);
  return { stdout: fixture(`${name}.txt`), stderr: '', exitStatus: 0, files: { 'full-log': path } };
}

const recorded = [
  'sockperf-3.7/ping-pong',
  'sockperf-3.7/ping-pong-tcp',
  'sockperf-3.7/under-load',
  'sockperf-3.7/under-load-dropped',
  'sockperf-3.10/ping-pong',
];

describe('the command lines of sockperf', () => {
  it('are those of the lab note for ping-pong, with a home that can be written', () => {
    const client = sockperf.client(spec, place);
    expect(client.argv.join(' ')).toBe('sockperf ping-pong -i 192.168.100.1 -p 11111 -m 64 -t 30');
    expect(client.env).toEqual({ HOME: '/tmp/w' });
    expect(client.outputs).toEqual({});
  });

  it('keep a log of every message only where that is asked for', () => {
    const client = sockperf.client(spec, { ...place, keepsLog: true });
    expect(client.argv.slice(-2)).toEqual(['--full-log', '/tmp/w/sockperf.csv']);
    expect(client.outputs).toEqual({ 'full-log': '/tmp/w/sockperf.csv' });
  });

  it('have every message of under-load answered', () => {
    const client = sockperf.client({ ...spec, mode: 'under-load', messagesPerSecond: 5000 }, place);
    expect(client.argv.join(' ')).toMatch(/^sockperf under-load .* --mps 5000 --reply-every 1$/);
  });

  it('agree on TCP, and wait for the port of the right protocol', () => {
    const tcp = { ...spec, protocol: 'tcp' } as const;
    expect(sockperf.client(tcp, place).argv).toContain('--tcp');
    expect(sockperf.server(tcp, place).argv.join(' ')).toBe('sockperf server -i 192.168.100.1 -p 11111 --tcp');
    expect(sockperf.server(tcp, place).ready).toEqual({ protocol: 'tcp', port: 11111 });
    expect(sockperf.server(spec, place).ready).toEqual({ protocol: 'udp', port: 11111 });
  });
});

describe('the log of every message', () => {
  it.each(recorded)('has the messages of the summary and gives its figures again, to 2 ns: %s', async (name) => {
    const summary = readSockperfOutput(raw(name));
    const roundTrips = await readFullLog(fixturePath(`${name}.csv`), summary.valid.received);
    expect(roundTrips.count).toBe(summary.valid.received);
    const figures = Object.entries(halfRoundTripDistribution(roundTrips));
    const printed = new Map(Object.entries(summary.halfRoundTripNs));
    expect(figures).toHaveLength(12);
    for (const [figure, value] of figures) expect(Math.abs(value - (printed.get(figure) ?? NaN))).toBeLessThan(2);
  });

  it('gives the same round trips however its bytes are cut into chunks', () => {
    const text = fixture('sockperf-3.7/ping-pong.csv');
    const rows = Buffer.from(text.slice(text.indexOf('\n0, ') + 1));
    const whole = new RowScanner(1650);
    whole.scan(rows);
    expect(whole).toMatchObject({ rows: 1650, isEnded: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 50 }), (lengths) => {
        const scanner = new RowScanner(1650);
        let at = 0;
        for (let step = 0; at < rows.length; step += 1) {
          const length = lengths[step % lengths.length] ?? 1;
          scanner.scan(rows.subarray(at, at + length));
          at += length;
        }
        expect(scanner.roundTripsNs).toEqual(whole.roundTripsNs);
      }),
    );
  });
});

describe('a reading of sockperf', () => {
  it('has the tool’s own figures, half and whole round trips', async () => {
    const reading = await sockperfReader.read(raw('sockperf-3.7/ping-pong'), spec);
    expect(latency.parse(reading.latency)).toMatchObject({
      messages: 1650,
      durationNs: 550_000_000,
      messageBytes: 64,
      halfRoundTripNs: { mean: 50_228, p50: 47_325, p99: 95_511, max: 530_126 },
      roundTripNs: { mean: 100_456, p50: 94_650, p99: 191_022, max: 1_060_252 },
    });
  });

  it('counts the work of the whole run, warm-up included, both ways', async () => {
    expect(
      await sockperfReader.read(raw('sockperf-3.7/under-load-dropped'), { ...spec, mode: 'under-load' }),
    ).toMatchObject({
      throughput: null,
      messages: 2934,
      payloadBytes: (3002 + 2934) * 64,
    });
  });

  // Literals: numpy 2.4.6 (mean, std(ddof=1)) and Python's statistics (median, NormalDist) over (rxTime - txTime) / 2 of the same file.
  it('has the spread that numpy gives', async () => {
    const spread = (await sockperfReader.read(raw('sockperf-3.7/ping-pong'), spec)).latency?.spread;
    expect(spread?.meanAbsoluteDeviationNs).toBeCloseTo(8180.925881359044, 6);
    expect(spread?.medianAbsoluteDeviationNs).toBeCloseTo(7494.924865122678, 6);
    expect(spread?.semiInterquartileRangeNs).toBeCloseTo(5325.25, 6);
    expect(spread?.coefficientOfVariation).toBeCloseTo(0.46049012065818884, 12);
    expect(spread?.standardErrorNs).toBeCloseTo(569.4159295809102, 6);
    expect(spread?.confidence99Ns.low).toBeCloseTo(48761.90418692038, 6);
    expect(spread?.confidence99Ns.high).toBeCloseTo(51695.34066156446, 6);
  });

  it('has the spread that sockperf 3.10 itself prints, within its rounding', async () => {
    const printed = readSockperfOutput(raw('sockperf-3.10/ping-pong')).spread;
    const spread = (await sockperfReader.read(raw('sockperf-3.10/ping-pong'), spec)).latency?.spread;
    const differences = [
      (spread?.meanAbsoluteDeviationNs ?? NaN) - (printed?.meanAbsoluteDeviationNs ?? NaN),
      (spread?.medianAbsoluteDeviationNs ?? NaN) - (printed?.medianAbsoluteDeviationNs ?? NaN),
      (spread?.semiInterquartileRangeNs ?? NaN) - (printed?.semiInterquartileRangeNs ?? NaN),
      (spread?.standardErrorNs ?? NaN) - (printed?.standardErrorNs ?? NaN),
      (spread?.confidence99Ns.low ?? NaN) - (printed?.confidence99Ns.low ?? NaN),
      (spread?.confidence99Ns.high ?? NaN) - (printed?.confidence99Ns.high ?? NaN),
    ];
    for (const difference of differences) expect(Math.abs(difference)).toBeLessThan(2);
  });

  // Literals: Python's hdrhistogram 0.10.8, three significant digits, of the same half round trips; equivalent highest values.
  it('has the histogram that another implementation gives', async () => {
    const reading = await sockperfReader.read(raw('sockperf-3.7/ping-pong'), spec);
    const histogram = decodeFromCompressedBase64(reading.latency?.histogram?.data ?? '');
    expect(histogram.totalCount).toBe(1650);
    expect([50, 99].map((percent) => histogram.getValueAtPercentile(percent))).toEqual([47_327, 95_551]);
    expect(histogram.maxValue).toBe(530_431);
  });

  it('without a log has no histogram, and no spread unless the tool prints it', async () => {
    const old = await sockperfReader.read({ ...raw('sockperf-3.7/ping-pong'), files: {} }, spec);
    expect(old.latency).toMatchObject({ spread: null, histogram: null });
    const newer = await sockperfReader.read({ ...raw('sockperf-3.10/ping-pong'), files: {} }, spec);
    expect(newer.latency?.spread?.medianAbsoluteDeviationNs).toBe(3121);
  });
});

describe('a log that cannot be used', () => {
  const good = fixture('sockperf-3.7/ping-pong.csv');
  const refusal = (log: string) => sockperfReader.read(raw('sockperf-3.7/ping-pong', log), spec);

  it('is a ParseError when it is missing or empty', async () => {
    const missing = { ...raw('sockperf-3.7/ping-pong'), files: { 'full-log': join(folder, 'none.csv') } };
    await expect(sockperfReader.read(missing, spec)).rejects.toThrow('it cannot be opened');
    await expect(refusal('')).rejects.toThrow('truncated');
  });

  it('is a ParseError when it is cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 32), async (length) => {
        await expect(refusal(good.slice(0, length))).rejects.toBeInstanceOf(ParseError);
      }),
      { numRuns: 50 },
    );
  });

  it('is a ParseError when it lacks a message or has one too many', async () => {
    const last = '1649, 2.951224803, 2.951333374, 54.285\n';
    await expect(refusal(good.replace(last, ''))).rejects.toThrow('1649 rows, but the summary speaks of 1650');
    await expect(refusal(good.replace(last, `${last}1650, 2.96, 2.97, 5.000\n`))).rejects.toBeInstanceOf(ParseError);
    const extra = `${last}1650, 2.951224803, 2.951333374, 54.285\n`;
    await expect(refusal(good.replace(last, extra))).rejects.toThrow('more rows than the 1650');
  });

  it('is a ParseError when it is of another run', async () => {
    const other = fixture('sockperf-3.7/ping-pong-tcp.csv');
    await expect(refusal(other)).rejects.toThrow('from the log, but sockperf printed');
  });

  it('is a ParseError when one row is skipped, reversed in time, or at odds with itself', async () => {
    const row = '3, 2.402558783, 2.402671931, 56.574\n';
    await expect(refusal(good.replace(row, row.replace('3,', '4,')))).rejects.toThrow('packet 4 where 3 is due');
    await expect(refusal(good.replace(row, '3, 2.402671931, 2.402558783, 56.574\n'))).rejects.toThrow(
      'before it was sent',
    );
    await expect(refusal(good.replace(row, row.replace('56.574', '66.574')))).rejects.toThrow('is not half of');
  });

  it('is a ParseError, or changes nothing that is recorded, when one byte is changed', async () => {
    const from = good.indexOf('\n0, ');
    const { latency: whole } = await sockperfReader.read(raw('sockperf-3.7/ping-pong'), spec);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: good.length - 32 }),
        fc.constantFrom('-', 'x', ' ', ',', '.', '\n', ''),
        async (at, put) => {
          fc.pre(good[at] !== put);
          const damaged = good.slice(0, at) + put + good.slice(at + 1);
          const outcome = await refusal(damaged).catch((error: unknown) => error);
          if (outcome instanceof ParseError) return;
          expect(outcome).toMatchObject({ latency: { halfRoundTripNs: whole?.halfRoundTripNs } });
        },
      ),
      { numRuns: 100 },
    );
  });
});
