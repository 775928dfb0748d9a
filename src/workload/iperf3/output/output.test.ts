import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError, TapbenchError } from '../../../record/error.ts';
import { throughput } from '../../../record/throughput.ts';
import type { RawOutput, ToolReading } from '../../workload.ts';
import type { Iperf3Spec } from '../record.ts';
import { iperf3Reader } from './reader.ts';

const fixtures = new URL('../../../../test/fixtures/', import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, fixtures), 'utf8');

const tcp: Iperf3Spec = {
  name: 'bulk',
  kind: 'iperf3',
  durationNs: 2e9,
  protocol: 'tcp',
  streams: 4,
  direction: 'upload',
  omitNs: 0,
  targetBitsPerSecond: null,
  bufferBytes: null,
};
const udp: Iperf3Spec = { ...tcp, protocol: 'udp', streams: 2 };

/** The client's output; `ending`: how it ended, where not well and silently. */
function parse(stdout: string, spec: Iperf3Spec, ending: Partial<RawOutput> = {}): Promise<ToolReading> {
  return iperf3Reader.read({ stdout, stderr: '', exitStatus: 0, files: {}, ...ending }, spec);
}

async function parsed(name: string, spec: Iperf3Spec) {
  const reading = await parse(fixture(name), spec);
  expect(throughput.parse(reading.throughput)).toEqual(reading.throughput);
  return { ...reading, throughput: reading.throughput ?? expect.fail('iperf3 measures throughput') };
}

/** A change of a good output, by text. */
function changed(name: string, from: RegExp, to: string): string {
  const before = fixture(name);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  return after;
}

describe('a TCP upload', () => {
  it('is what the receiver got, over the receiver’s seconds', async () => {
    const { throughput: record } = await parsed('iperf3-3.12/tcp-omit.json', { ...tcp, streams: 2, omitNs: 1e9 });
    expect(record).toMatchObject({
      protocol: 'tcp',
      bytes: 3_376_021_610,
      sentBytes: 3_371_171_840,
      durationNs: 1_997_031_000,
      retransmits: 28,
      congestionControl: { sender: 'bbr', receiver: 'bbr' },
    });
    expect(record.bitsPerSecond).toBeCloseTo(13_524_163_060.06, 0);
    expect(record.toolCpuPercent?.client).toBeCloseTo(32.927, 2);
    expect(record.toolCpuPercent?.server).toBeCloseTo(35.489, 2);
  });

  it('has every stream with its retransmits and mean round trip', async () => {
    const { throughput: record } = await parsed('iperf3-3.12/tcp-omit.json', { ...tcp, streams: 2, omitNs: 1e9 });
    expect(record.streams).toHaveLength(2);
    expect(record.streams[0]).toMatchObject({
      id: 5,
      bytes: 1_724_776_448,
      sentBytes: 1_722_286_080,
      retransmits: 23,
      meanTcpRoundTripNs: 367_000,
    });
  });

  it('puts omitted and counted intervals on one time axis, and counts the omitted bytes as carried', async () => {
    const reading = await parsed('iperf3-3.12/tcp-omit.json', { ...tcp, streams: 2, omitNs: 1e9 });
    const { intervals } = reading.throughput;
    expect(intervals.map(({ isOmitted }) => isOmitted)).toEqual([true, false, false]);
    expect(intervals.map(({ startNs }) => Math.round(startNs / 1e9))).toEqual([0, 1, 2]);
    expect(intervals[0]).toMatchObject({ bytes: 1_784_938_496, endNs: 1_000_451_000, retransmits: 18 });
    expect(reading.payloadBytes).toBe(3_376_021_610 + 1_784_938_496);
  });

  it.each(['iperf3-3.12', 'iperf3-3.18', 'iperf3-3.21'])('of four streams is their sum with %s', async (version) => {
    const reading = await parsed(`${version}/tcp-4.json`, tcp);
    const { streams, bytes, bitsPerSecond, intervals } = reading.throughput;
    expect(streams).toHaveLength(4);
    expect(intervals).toHaveLength(2);
    expect(streams.reduce((sum, stream) => sum + stream.bytes, 0)).toBe(bytes);
    expect(streams.reduce((sum, stream) => sum + stream.bitsPerSecond, 0) / bitsPerSecond).toBeCloseTo(1, 9);
    expect(reading.payloadBytes).toBe(bytes);
    expect(reading.messages).toBeNull();
    expect(reading.latency).toBeNull();
  });

  it('of one stream has one', async () => {
    const { throughput: record } = await parsed('iperf3-3.12/tcp.json', { ...tcp, streams: 1 });
    expect(record.streams[0]?.bytes).toBe(record.bytes);
  });
});

describe('a TCP download', () => {
  it.each([
    ['iperf3-3.12', { bytes: 5_387_845_632, sentBytes: 5_398_855_680, retransmits: 7 }],
    ['iperf3-3.18', { bytes: 17_112_236_032, sentBytes: 17_201_102_848, retransmits: 0 }],
    ['iperf3-3.21', { bytes: 13_305_905_152, sentBytes: 13_310_492_672, retransmits: 1 }],
  ])('is what the client received, with the server as the sender, with %s', async (version, expected) => {
    const spec = { ...tcp, streams: 2, direction: 'download', omitNs: 1e9 } as const;
    const { throughput: record } = await parsed(`${version}/tcp-reverse-omit.json`, spec);
    expect(record).toMatchObject(expected);
    expect(record.streams.map((stream) => stream.meanTcpRoundTripNs)).toEqual([null, null]);
    expect(record.intervals.map((interval) => interval.retransmits)).toEqual([null, null, null]);
  });

  it('without omitted seconds has none in its intervals', async () => {
    const { throughput: record } = await parsed('iperf3-3.12/tcp-reverse.json', { ...tcp, direction: 'download' });
    expect(record.intervals.every(({ isOmitted }) => !isOmitted)).toBe(true);
  });
});

describe('a UDP transfer', () => {
  it.each([
    ['iperf3-3.12/udp.json', 'upload'],
    ['iperf3-3.12/udp-reverse.json', 'download'],
    ['iperf3-3.18/udp.json', 'upload'],
    ['iperf3-3.18/udp-reverse.json', 'download'],
    ['iperf3-3.21/udp.json', 'upload'],
    ['iperf3-3.21/udp-reverse.json', 'download'],
  ] as const)('without losses carries every datagram: %s', async (name, direction) => {
    const { throughput: record } = await parsed(name, { ...udp, direction });
    expect(record).toMatchObject({ protocol: 'udp', bytes: 25_034_752, sentBytes: 25_034_752, retransmits: null });
    expect(record.datagrams).toMatchObject({ sent: 764, lost: 0, outOfOrder: 0 });
    expect(record.streams.map(({ bytes }) => bytes)).toEqual([12_517_376, 12_517_376]);
  });

  it('that overran its receiver counts what arrived, not what was sent', async () => {
    const { throughput: record } = await parsed('iperf3-3.12/udp-unlimited.json', { ...udp, streams: 1 });
    expect(record).toMatchObject({ bytes: 2_200_403_968, sentBytes: 6_648_627_200, durationNs: 2_003_410_000 });
    expect(record.bitsPerSecond).toBeCloseTo(8_786_634_659.9, 0);
    expect(record.datagrams).toMatchObject({ sent: 202_900, lost: 135_740 });
    expect(record.datagrams?.jitterNs).toBeCloseTo(9218.03, 1);
    expect(record.streams[0]?.bytes).toBe(2_200_403_968);
  });

  it('with losses estimates each stream from its datagrams, to a part in a thousand of the total', async () => {
    const spec = { ...udp, direction: 'download' } as const;
    const { throughput: record } = await parsed('iperf3-3.12/udp-reverse-unlimited.json', spec);
    const sum = record.streams.reduce((bytes, stream) => bytes + stream.bytes, 0);
    expect(record.bytes).toBe(5_180_260_352);
    expect(sum / record.bytes).toBeGreaterThanOrEqual(1);
    expect(sum / record.bytes).toBeLessThan(1.001);
  });

  it('counts omitted seconds as carried', async () => {
    const reading = await parsed('iperf3-3.12/udp-omit.json', { ...udp, streams: 1, omitNs: 1e9 });
    expect(reading.payloadBytes).toBe(4_980_736 + 2_523_136);
  });
});

describe('output that iperf3 itself calls an error', () => {
  it.each([
    ['iperf3-3.12/no-server.json', 0, 'Connection refused'],
    ['iperf3-3.12/server-killed.json', 0, 'Connection reset by peer'],
    ['iperf3-3.12/busy.json', 0, 'the server is busy'],
    ['iperf3-3.12/interrupted.json', 1, 'the client has terminated'],
    ['iperf3-3.18/no-server.json', 1, 'unable to connect to server'],
    ['iperf3-3.21/no-server.json', 1, 'unable to connect to server'],
  ])('is a TOOL_FAILED with its text, whatever the exit status: %s', async (name, exitStatus, text) => {
    const failed = parse(fixture(name), tcp, { exitStatus });
    await expect(failed).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(failed).rejects.toThrow(text);
  });

  it('is a TOOL_FAILED with the first line of stderr where there is no JSON', async () => {
    const failed = parse('', tcp, { exitStatus: 1, stderr: fixture('iperf3-3.12/bad-argument.stderr.txt') });
    await expect(failed).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    await expect(failed).rejects.toThrow('block size too large');
  });

  it('is a TOOL_FAILED where the client was killed after good output', async () => {
    await expect(parse(fixture('iperf3-3.12/tcp-4.json'), tcp, { exitStatus: null })).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
  });
});

describe('output that cannot be used', () => {
  it('is a ParseError when empty', async () => {
    await expect(parse('', tcp)).rejects.toThrow('the output is empty');
  });

  it('is a ParseError when truncated', async () => {
    await expect(parse(fixture('iperf3-3.12/tcp-4.json').slice(0, 4000), tcp)).rejects.toBeInstanceOf(ParseError);
  });

  it('is a ParseError that names the JSON path of a field that is missing', async () => {
    const text = changed('iperf3-3.12/tcp-4.json', /("sum_received"[^}]*)"bytes":/, '$1"octets":');
    await expect(parse(text, tcp)).rejects.toMatchObject({ code: 'PARSE_FAILED', path: '$.end.sum_received.bytes' });
  });

  it('is a ParseError when it took no time', async () => {
    const text = changed('iperf3-3.12/tcp-4.json', /("sum_received"[^}]*"seconds":\s*)[\d.]+/, '$10');
    await expect(parse(text, tcp)).rejects.toMatchObject({ path: '$.end.sum_received.seconds' });
  });

  it('is a ParseError when it is of another direction, protocol or number of streams', async () => {
    const good = fixture('iperf3-3.12/tcp-4.json');
    await expect(parse(good, { ...tcp, direction: 'download' })).rejects.toMatchObject({
      path: '$.start.test_start.reverse',
    });
    await expect(parse(good, { ...tcp, protocol: 'udp' })).rejects.toMatchObject({
      path: '$.start.test_start.protocol',
    });
    await expect(parse(good, { ...tcp, streams: 3 })).rejects.toMatchObject({ path: '$.end.streams' });
  });

  it('is a ParseError when it is bidirectional, whose sums are of one direction only', async () => {
    const bidirectional = fixture('iperf3-3.12/tcp-bidir.json');
    await expect(parse(bidirectional, { ...tcp, streams: 2 })).rejects.toMatchObject({ path: '$.end.streams' });
  });

  it('is not made by a field that a newer iperf3 adds', async () => {
    const text = changed('iperf3-3.12/tcp-4.json', /"end":\s*{/, '"end": { "novelty": { "depth": [1] },');
    expect((await parse(text, tcp)).throughput?.streams).toHaveLength(4);
  });
});

/** Any outcome is right but a record that its own schema refuses, or an error that is not ours. */
async function expectSound(text: string, spec: Iperf3Spec): Promise<void> {
  try {
    throughput.parse((await parse(text, spec)).throughput);
  } catch (error) {
    expect(error).toBeInstanceOf(TapbenchError);
  }
}

describe('damaged output', () => {
  const samples: readonly (readonly [string, Iperf3Spec])[] = [
    ['iperf3-3.12/tcp-4.json', tcp],
    ['iperf3-3.12/udp.json', udp],
    ['iperf3-3.21/udp-reverse.json', { ...udp, direction: 'download' }],
  ];

  it('never gives a record when cut anywhere before its closing brace', async () => {
    const cut = fc.tuple(fc.constantFrom(...samples), fc.double({ min: 0, max: 0.999, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(cut, async ([[name, spec], share]) => {
        const text = fixture(name).trimEnd();
        const part = text.slice(0, Math.floor(text.length * share));
        await expect(parse(part, spec)).rejects.toBeInstanceOf(ParseError);
      }),
    );
  });

  it('gives a sound record or one of our errors when bytes are changed', async () => {
    const edit = fc.tuple(fc.nat(8000), fc.constantFrom('-', '0', '9', 'e', '"', ',', ':', '{', '}', 'null', '.', ''));
    const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), edits, async ([name, spec], places) => {
        const damaged = places.reduce((text, [at, put]) => text.slice(0, at) + put + text.slice(at + 1), fixture(name));
        await expectSound(damaged, spec);
      }),
      { numRuns: 300 },
    );
  });

  it('gives a sound record or one of our errors when a number becomes another', async () => {
    const numbers = fc.constantFrom('-1', '0', '1e400', '-1e400', 'null', '1e308', '-0', '"1"', 'true', '[]');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.nat(400), numbers, async ([name, spec], which, put) => {
        let seen = -1;
        const damaged = fixture(name).replace(/(:\s*)-?\d[\d.e+-]*/g, (match, before: string) => {
          seen += 1;
          return seen === which ? before + put : match;
        });
        await expectSound(damaged, spec);
      }),
      { numRuns: 500 },
    );
  });
});
