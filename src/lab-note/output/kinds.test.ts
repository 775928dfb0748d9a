import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNote } from '../read-note.ts';
import type { AnyReading, LatencyReading, TransferReading } from '../reading.ts';

/** Made-up notes, each of a kind that public notes showed. */
const folder = join(import.meta.dirname, '../../../test/fixtures/lab-note-cases');

function readingsOf(name: string): AnyReading[] {
  const { sections } = readNote(readFileSync(join(folder, `${name}.md`), 'utf8'));
  expect(sections.flatMap(({ notUnderstood }) => notUnderstood)).toEqual([]);
  return sections.flatMap(({ readings }) => readings);
}

function transfersOf(name: string): TransferReading['value'][] {
  return readingsOf(name).flatMap((each) => (each.kind === 'transfer' ? [each.value] : []));
}

/** `5 sender 8.59e9`: stream, way, end, bits per second. */
function rowsOf({ totals }: TransferReading['value']): string[] {
  return totals.map(({ stream, role, end, bitsPerSecond }) =>
    [stream, role, end, bitsPerSecond?.value].filter((word) => word !== null).join(' '),
  );
}

describe('runs both ways of iperf 2', () => {
  it.each([
    ['iperf2-both-ways-at-once', 'both'],
    ['iperf2-both-ways-in-turn', 'in-turn'],
  ])('tells the two connections of %s apart by the port that is listened on', (name, direction) => {
    const runs = transfersOf(name);
    expect(runs.map((run) => [run.side, run.direction])).toEqual([['client', direction]]);
    expect(runs.map(rowsOf)).toEqual([['5 TX-C 94000000', '4 RX-C 83900000']]);
  });
});

describe('the enhanced reports of iperf 2.1', () => {
  it('gives retries, window and round trip of the client, and names the column that it does not read', () => {
    const [run] = transfersOf('iperf2-enhanced-client');
    expect(run?.intervals.map(({ retransmits }) => retransmits?.value)).toEqual([0, 2, 0]);
    expect(run?.totals[0]).toMatchObject({
      stopNs: { value: 3.01e9 },
      bitsPerSecond: { value: 920e6 },
      retransmits: { value: 2 },
      congestionWindowBytes: { value: 1356 * 1024 },
      roundTripNs: { value: 8_456_000 },
      rest: '13829',
      restColumns: 'Write/Err NetPwr',
    });
  });

  it('reads the server with trip times, and keeps its histogram as a line of further figures', () => {
    const [run] = transfersOf('iperf2-enhanced-server');
    expect(run).toMatchObject({ side: 'server', totals: [{ bitsPerSecond: { value: 920e6 } }] });
    expect(run?.asides.map(({ line }) => line)).toEqual([13]);
  });

  it('reads datagrams of both ends, and how many the client says that it sent', () => {
    const [run] = transfersOf('iperf2-enhanced-udp');
    expect(run?.totals.map(({ end, datagrams }) => [end, datagrams?.lost?.value, datagrams?.total?.value])).toEqual([
      [null, undefined, 893],
      ['receiver', 0, 892],
    ]);
  });
});

describe('figures that were typed anew', () => {
  it('reads shortened units, and commas between thousands', () => {
    const runs = transfersOf('typed-units');
    expect(runs.map(rowsOf)).toEqual([
      ['5 sender 859000000', '5 receiver 859000000'],
      [`3 ${String(102 * 1024 ** 2 * 8)}`],
      [`3 ${String(102 * 1024 ** 2 * 8)}`],
      ['5 receiver 859000000'],
    ]);
    expect(runs[0]?.totals.map(({ bytes }) => bytes?.value)).toEqual([1024 ** 3, 1024 ** 3]);
  });

  it('reads Windows line ends, and the ids of iperf 1.7 there', () => {
    expect(transfersOf('windows-line-ends').map(rowsOf)).toEqual([['5 sender 8590000000', '5 receiver 8590000000']]);
    expect(transfersOf('iperf-1.7').map(rowsOf)).toEqual([['1872 94600000']]);
  });
});

describe('iperf3', () => {
  it('reads both ways of --bidir in text', () => {
    expect(transfersOf('bidirectional-text').map(rowsOf)).toEqual([
      ['5 TX-C sender 939000000', '5 TX-C receiver 917000000', '7 RX-C sender 927000000', '7 RX-C receiver 905000000'],
    ]);
  });

  it('takes the sum of streams for their total where the run has one interval', () => {
    const [run] = transfersOf('streams-of-one-interval');
    expect(run?.intervals.map(({ stream }) => stream)).toEqual(['5', '7', 'SUM']);
    expect(run === undefined ? [] : rowsOf(run).slice(-2)).toEqual([
      'SUM sender 1860000000',
      'SUM receiver 1770000000',
    ]);
  });

  it('takes no total from intervals with their sum alone', () => {
    const [run] = transfersOf('sum-of-one-interval');
    expect(run?.totals).toEqual([]);
    expect(run?.intervals.map(({ retransmits }) => retransmits?.value)).toEqual([0, 0, 0]);
  });

  it('reads the events of --json-stream as one run', () => {
    const runs = transfersOf('json-stream');
    expect(runs.map((run) => [run.intervals.length, run.isCut, run.direction])).toEqual([[4, false, 'forward']]);
  });
});

describe('sockperf', () => {
  function latencyOf(name: string): LatencyReading['value'] | undefined {
    return readingsOf(name).flatMap((each) => (each.kind === 'latency' ? [each.value] : []))[0];
  }

  it('gives what was sent in throughput mode', () => {
    expect(readingsOf('sockperf-throughput')).toMatchObject([
      {
        kind: 'message-rate',
        value: {
          protocol: 'tcp',
          messages: { value: 1_000_000 },
          messageBytes: { value: 1400 },
          messagesPerSecond: { value: 198_020 },
          bitsPerSecond: { value: 264.385 * 1024 ** 2 * 8 },
        },
      },
    ]);
  });

  it('reads under-load and playback as latencies', () => {
    expect(latencyOf('sockperf-under-load')).toMatchObject({
      meanNs: { value: 40_200 },
      observations: { value: 45_500 },
      dropped: { value: 1 },
      maxNs: { value: 1_048_000 },
    });
    expect(latencyOf('sockperf-playback')).toMatchObject({ meanNs: { value: 40_200 }, summaryNs: { value: 40_200 } });
  });
});

describe('tracers', () => {
  it('names histograms by their maps and keys', () => {
    const [maps] = readingsOf('tracer-histograms');
    expect(maps).toMatchObject({
      kind: 'bpf-maps',
      value: {
        histograms: [
          { name: '@', key: ['qemu-system-x86'], line: 6 },
          { name: '@usecs', line: 11 },
        ],
      },
    });
  });

  it('takes what strace says of attaching for a part of its output', () => {
    const [table] = readingsOf('tracer-attached');
    expect(table?.lines[0]).toBe(2);
    expect(table).toMatchObject({ value: { total: { calls: { value: 10 }, errors: { value: 2 } } } });
  });
});
