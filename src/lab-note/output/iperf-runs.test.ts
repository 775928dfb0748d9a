import { describe, expect, it } from 'vitest';
import type { AnyReading } from '../reading.ts';
import { readOutput } from './read-output.ts';

/** `SUM 10.1 sender? 875 Mbits/sec` of each output's totals; intervals begin with `part`. */
function outputsOf(...lines: readonly string[]): string[][] {
  return readOutput(lines.join('\n')).readings.map(rowsOf);
}

function rowsOf({ kind, value }: AnyReading): string[] {
  if (kind !== 'transfer') return [kind];
  const words = (prefix: string, rows: typeof value.totals): string[] =>
    rows.map(({ stream, end, stopNs, bitsPerSecond }) =>
      [prefix, stream, stopNs.text, end, bitsPerSecond?.text].filter((word) => word !== '' && word !== null).join(' '),
    );
  return [...words('part', value.intervals), ...words('', value.totals)];
}

describe('totals of one stream under each other, without a heading', () => {
  it('are an output each, also where two are equal', () => {
    const rows = outputsOf(
      '[SUM]  0.0-10.1 sec  1.04 GBytes   884 Mbits/sec',
      '[SUM]  0.0-10.1 sec  1.04 GBytes   884 Mbits/sec',
      '[SUM]  0.0-10.1 sec   957 MBytes   795 Mbits/sec',
    );
    expect(rows).toEqual([['SUM 10.1 884 Mbits/sec'], ['SUM 10.1 884 Mbits/sec'], ['SUM 10.1 795 Mbits/sec']]);
  });

  it('are an output each where equal bytes took longer at a higher rate', () => {
    const rows = outputsOf(
      '[SUM]  0.0-10.0 sec  1.12 GBytes   950 Mbits/sec',
      '[SUM]  0.0-10.2 sec  1.12 GBytes   953 Mbits/sec',
      '[SUM]  0.0-10.1 sec  1.12 GBytes   957 Mbits/sec',
    );
    expect(rows).toHaveLength(3);
  });

  it('are an output each where the second run was longer', () => {
    const rows = outputsOf(
      '[SUM] 0.0000-10.0112 sec  1.12 GBytes   961 Mbits/sec',
      '[SUM] 0.0000-20.0104 sec  2.24 GBytes   962 Mbits/sec',
    );
    expect(rows).toEqual([['SUM 10.0112 961 Mbits/sec'], ['SUM 20.0104 962 Mbits/sec']]);
  });

  it('are an output each where words stand between them or labels before them', () => {
    const row = '[SUM]  0.0-10.0 sec  1.12 GBytes   962 Mbits/sec';
    expect(outputsOf('first', row, 'second', row)).toHaveLength(2);
    expect(outputsOf(`2 streams: ${row}`, `4 streams: ${row}`)).toHaveLength(2);
    expect(outputsOf(`stream 1: ${row.replace('SUM', '  3')}`, `total: ${row}`)).toHaveLength(1);
    expect(outputsOf(row, '...', row.replace('10.0', '60.0'))).toHaveLength(1);
  });

  it('are one output where the first is its only interval', () => {
    expect(
      outputsOf('[SUM]  0.0-10.0 sec  1.12 GBytes   962 Mbits/sec', '[SUM]  0.0-10.1 sec  1.12 GBytes   952 Mbits/sec'),
    ).toEqual([['part SUM 10.0 962 Mbits/sec', 'SUM 10.1 952 Mbits/sec']]);
  });

  it('are one output where intervals stand above the last', () => {
    expect(
      outputsOf(
        '[SUM]  0.0- 5.0 sec   560 MBytes   940 Mbits/sec',
        '[SUM]  5.0-10.0 sec   560 MBytes   940 Mbits/sec',
        '[SUM]  0.0-10.1 sec  1.09 GBytes   931 Mbits/sec',
      ),
    ).toHaveLength(1);
  });
});

describe('a server that says only who connects', () => {
  it('has an output of each client', () => {
    const lines = [41000, 41001].flatMap((port) => [
      `[  4] local 10.0.0.2 port 5001 connected with 10.0.0.1 port ${String(port)}`,
      '[  4]  0.0-10.1 sec  1.12 GBytes   952 Mbits/sec',
    ]);
    expect(outputsOf(...lines, ...lines.join('\n').replaceAll('[  4]', '[  5]').split('\n'))).toHaveLength(4);
  });
});

describe('the client of iperf 2 -e', () => {
  const client = [
    'Client connecting to 10.0.0.2, UDP port 5001 with pid 99',
    '[  3] local 10.0.0.1 port 40000 connected with 10.0.0.2 port 5001',
    '[ ID] Interval       Transfer     Bandwidth      Write/Err  PPS  frames:tx/missed/slips',
  ];
  const report = [
    '[  3] Sent 512 datagrams',
    '[  3] Server Report:',
    '[  3] 0.00-30.01 sec   600 KBytes  20.0 KBytes/sec   0.071 ms    0/  512 (0%) -/-/-/- ms   17 pps',
  ];

  it('has a total of its own beside the report of the server', () => {
    const total = '[  3] 0.00-30.01 sec   600 KBytes  20.0 KBytes/sec  512/0       17 pps   31/0/0';
    expect(outputsOf(...client, total, ...report)).toEqual([
      ['3 30.01 20.0 KBytes/sec', '3 30.01 receiver 20.0 KBytes/sec'],
    ]);
  });

  it('has none where only its first interval is left', () => {
    const first = '[  3] 0.00-1.00 sec  20.0 KBytes  20.0 KBytes/sec  17/0       17 pps   1/0/0';
    expect(outputsOf(...client, first, ...report)).toEqual([
      ['part 3 1.00 20.0 KBytes/sec', '3 30.01 receiver 20.0 KBytes/sec'],
    ]);
  });

  it('lists a report that never came', () => {
    const total = '[  3] 0.00-30.01 sec   600 KBytes  20.0 KBytes/sec  512/0       17 pps';
    const nothing = '[  3] 0.00-0.00 sec  0.000 Bytes  -nan bits/sec  131.072 ms 4294966000/0 (inf%)';
    const { readings, notUnderstood } = readOutput([...client, total, ...report.slice(0, 2), nothing].join('\n'));
    expect(readings.map(rowsOf)).toEqual([['3 30.01 20.0 KBytes/sec']]);
    expect(notUnderstood).toEqual([{ line: 7, text: nothing }]);
  });
});
