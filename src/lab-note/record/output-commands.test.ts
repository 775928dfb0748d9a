import { describe, expect, it } from 'vitest';
import { measurementsOf, runOfCase, runOfNote } from '../../../test/sample/case-record.ts';

/** The client's command of each measurement, in the order of the note. */
function commandsOf(...lines: readonly string[]): (string | null)[] {
  const measured = measurementsOf(runOfNote(lines.join('\n')));
  const inOrder = measured.toSorted((a, b) => (a.noted?.line ?? 0) - (b.noted?.line ?? 0));
  return inOrder.map(({ commands }) => commands.client?.argv.join(' ') ?? null);
}

function client(port: number): string[] {
  return [
    `[  4] local 10.0.0.1 port 40000 connected with 10.0.0.2 port ${String(port)}`,
    '[ ID] Interval       Transfer     Bandwidth',
    '[  4]  0.0-10.0 sec   735 KBytes   602 Kbits/sec',
  ];
}

function connecting(port: number): string[] {
  return [`Client connecting to 10.0.0.2, UDP port ${String(port)}`, 'Sending 1470 byte datagrams', ...client(port)];
}

describe('the command of an output', () => {
  it('is not the one of another port, where commands and outputs are as many but one output is left out', () => {
    const first = ['```', '$ iperf -c 10.0.0.2 -u -p 5001 -b 1M', '...', '```'];
    const second = ['```', '$ iperf -c 10.0.0.2 -u -p 5002 -b 600K', ...connecting(5002), '```'];
    const server = [
      '```',
      '[  4] local 10.0.0.2 port 5001 connected with 10.0.0.1 port 40001',
      '[ ID] Interval       Transfer     Bandwidth        Jitter   Lost/Total Datagrams',
      '[  4]  0.0-19.7 sec  1.19 MBytes   508 Kbits/sec   0.981 ms    0/  852 (0%)',
      '```',
    ];
    const [own] = commandsOf(...first, ...second, ...server);
    expect(own).toBe('iperf -c 10.0.0.2 -u -p 5002 -b 600K');
  });

  it('is not one below it where another one of its tool stands above', () => {
    const above = ['```', '$ iperf -c 10.0.0.2 -p 5009', '```', '```', ...connecting(5001), '```'];
    expect(commandsOf(...above, '```', '$ iperf -u -c 10.0.0.2 -b 9M', '```')).toEqual([null]);
  });

  it('is the one below it where none stands above', () => {
    expect(commandsOf('```', ...connecting(5001), '```', '```', '$ iperf -u -c 10.0.0.2', '```')).toEqual([
      'iperf -u -c 10.0.0.2',
    ]);
  });

  it('is the one that perf stat names below it', () => {
    const [own] = measurementsOf(runOfCase('perf-stat-around-iperf'));
    expect(own?.commands.client?.argv.join(' ')).toBe('iperf -c 10.0.0.2 -P2 -w600K');
  });

  it('is no pattern for several streams where the output has one', () => {
    const one = [
      '[ ID] Interval           Transfer     Bitrate         Retr',
      '[  5]   0.00-10.00  sec  10.0 GBytes  8.59 Gbits/sec    7             sender',
    ];
    expect(commandsOf('```', 'iperf3 -c <server> -P 4', '```', '```', ...one, '```')).toEqual([null]);
    expect(commandsOf('```', 'iperf3 -c <server> -t 10', '```', '```', ...one, '```')).toEqual([
      'iperf3 -c <server> -t 10',
    ]);
  });

  it('has no server of the other generation', () => {
    const note = ['```', '$ iperf3 -s', '```', '```', '$ iperf -c 10.0.0.2', ...connecting(5001), '```'];
    const [own] = measurementsOf(runOfNote(note.join('\n').replace('UDP port', 'TCP port')));
    expect(own?.commands).toMatchObject({ client: { argv: ['iperf', '-c', '10.0.0.2'] }, server: null });
  });

  it('may have left out the value of an option', () => {
    expect(commandsOf('```', '$ iperf -c -u 10.0.0.2', ...connecting(5001), '```')).toEqual(['iperf -c -u 10.0.0.2']);
  });

  const outputs = ['9.81', '8.62'].flatMap((rate) => [
    '```',
    '[ ID] Interval           Transfer     Bandwidth       Retr',
    `[  4]   0.00-30.00  sec  34.0 GBytes  ${rate} Gbits/sec    7             sender`,
    '```',
  ]);

  it('is the one in its place where a list has as many, above all outputs', () => {
    const list = ['1. On the host: `iperf3 -c 10.0.0.2 -t 30`', '2. In a container: `iperf3 -c 10.0.0.2 -t 30 -4`'];
    expect(commandsOf(...list, '', ...outputs)).toEqual(['iperf3 -c 10.0.0.2 -t 30', 'iperf3 -c 10.0.0.2 -t 30 -4']);
  });

  it('is none of several that stand above several outputs, of which there are more or fewer', () => {
    const list = ['-4', '-6', '-Z'].map((option) => `- \`iperf3 -c 10.0.0.2 -t 30 ${option}\``);
    expect(commandsOf(...list, '', ...outputs)).toEqual([null, null]);
  });

  it('is the same one of all where there is one', () => {
    expect(commandsOf('We ran `iperf3 -c 10.0.0.2 -t 30` twice:', '', ...outputs)).toEqual([
      'iperf3 -c 10.0.0.2 -t 30',
      'iperf3 -c 10.0.0.2 -t 30',
    ]);
  });
});
