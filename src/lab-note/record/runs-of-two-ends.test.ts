import { describe, expect, it } from 'vitest';
import { leftOutOf, measurementsOf, runOfCase, runOfNote } from '../../../test/sample/case-record.ts';

function ratesOf(name: string): (readonly [string, number | undefined])[] {
  return measurementsOf(runOfCase(name)).map(({ workload, throughput }) => [workload, throughput?.bitsPerSecond]);
}

describe('one run seen from both ends', () => {
  it('is one measurement of iperf 2, with what was sent and what arrived', () => {
    const run = runOfCase('iperf2-client-then-server');
    expect(measurementsOf(run)).toMatchObject([
      { workload: 'iperf', throughput: { bitsPerSecond: 757e6, bytes: 904 * 1024 ** 2, sentBytes: 904 * 1024 ** 2 } },
    ]);
    expect(run.trials.map(({ configuration }) => configuration.topology)).toEqual(['host-to-vm']);
  });

  it('is one measurement of datagrams, and the server adds nothing', () => {
    const run = runOfCase('iperf2-udp-both-ends');
    expect(measurementsOf(run)).toMatchObject([
      {
        workload: 'iperf',
        throughput: { bitsPerSecond: 100e6, datagrams: { sent: 85_035, lost: 40, jitterNs: 12_000 } },
      },
    ]);
    expect(leftOutOf(run)).toEqual(["26 the server's own output"]);
  });

  it('is one measurement for each client of a server, by their ports', () => {
    expect(ratesOf('server-of-two-clients')).toEqual([
      ['iperf', 93.9e6],
      ['iperf (2)', 71.6e6],
    ]);
  });

  it('is one measurement where each end has a heading of its own', () => {
    const run = runOfCase('server-under-its-own-heading');
    expect(measurementsOf(run)).toMatchObject([{ workload: 'iperf3', throughput: { bitsPerSecond: 4.29e9 } }]);
    expect(measurementsOf(run)[0]?.throughput?.streams).toHaveLength(1);
    expect(leftOutOf(run)).toEqual(['2 heading that says 2 streams', "11 the server's own output"]);
  });
});

describe("the end of a server's output, its head cut off", () => {
  const tail = (rate: string): string =>
    [
      '```',
      '[  5]   9.00-10.00  sec   100 MBytes   839 Mbits/sec',
      '- - - - - - - - - - - - - - - - - - - - - - - - -',
      '[ ID] Interval           Transfer     Bitrate',
      `[  5]   0.00-10.04  sec  1.02 GBytes   ${rate} Mbits/sec                  receiver`,
      '```',
      '### from the client',
      '```',
      '$ iperf3 -c 10.0.0.2',
      '[ ID] Interval           Transfer     Bitrate         Retr  Cwnd',
      '[  5]   0.00-1.00   sec   100 MBytes   839 Mbits/sec    0    300 KBytes',
      '- - - - - - - - - - - - - - - - - - - - - - - - -',
      '[ ID] Interval           Transfer     Bitrate         Retr',
      '[  5]   0.00-10.00  sec  1.02 GBytes   876 Mbits/sec    0             sender',
      '[  5]   0.00-10.04  sec  1.02 GBytes   873 Mbits/sec                  receiver',
      '```',
    ].join('\n');

  it('is of the run whose client has the same counts', () => {
    const run = runOfNote(tail('873'));
    expect(measurementsOf(run)).toMatchObject([
      { workload: 'iperf3', commands: { client: { argv: ['iperf3', '-c', '10.0.0.2'] } } },
    ]);
    expect(leftOutOf(run)[0]).toBe("2 the server's own output (2 lines, to line 5)");
  });

  it('is a run of its own where the counts are others', () => {
    expect(measurementsOf(runOfNote(tail('861')))).toHaveLength(2);
  });
});

describe('an output of another run', () => {
  it('is a measurement of its own, and not of the command of the run beside it', () => {
    const run = runOfCase('server-of-another-run');
    expect(measurementsOf(run)).toMatchObject([
      { throughput: { bitsPerSecond: 8.59e9 }, spec: { durationNs: 10e9 } },
      { throughput: { bitsPerSecond: 8.39e6 }, spec: { durationNs: null }, commands: { client: null } },
    ]);
  });
});

describe('the two ways of iperf 2', () => {
  it('are a measurement each: what the client sent, and what came back', () => {
    expect(ratesOf('iperf2-both-ways-at-once')).toEqual([
      ['iperf both ways client sends', 94e6],
      ['iperf both ways server sends', 83.9e6],
    ]);
    expect(ratesOf('iperf2-both-ways-in-turn')).toEqual([
      ['iperf', 94e6],
      ['iperf download', 83.9e6],
    ]);
  });
});

describe('datagrams that were sent', () => {
  it('are counted by the receiver where it says how many, and the other count is listed', () => {
    const run = runOfCase('iperf2-unfenced-two-runs');
    expect(measurementsOf(run)).toMatchObject([
      { throughput: { bitsPerSecond: 633e6, datagrams: { sent: 538_084, lost: 40, outOfOrder: 1 } } },
      { throughput: { bitsPerSecond: 604e6, datagrams: { sent: 513_420, lost: null } } },
    ]);
    expect(leftOutOf(run)).toEqual(['10 538085 datagrams sent']);
  });
});

describe('further figures of iperf 2.1', () => {
  it('are listed with the columns that they stand in', () => {
    expect(leftOutOf(runOfCase('iperf2-enhanced-client'))).toEqual([
      '12 end of the row: 13829 (4 lines, to line 15)',
      '12 congestion windows (4 lines, to line 15)',
    ]);
    expect(leftOutOf(runOfCase('iperf2-enhanced-server'))[1]).toContain('13 [  1] 0.0000-3.0100 sec F8-PDF: ');
  });
});

describe('a client behind translated addresses', () => {
  const ends = ({ seen, bytes }: { readonly seen: string; readonly bytes: string }): string =>
    [
      '```',
      '$ iperf -c 192.168.7.1',
      'Client connecting to 192.168.7.1, TCP port 5001',
      '[  3] local 10.0.2.15 port 40000 connected with 192.168.7.1 port 5001',
      '[ ID] Interval       Transfer     Bandwidth',
      '[  3]  0.0-10.4 sec  5.12 MBytes  4.13 Mbits/sec',
      '',
      '$ iperf -s',
      'Server listening on TCP port 5001',
      `[  4] local 192.168.7.1 port 5001 connected with ${seen} port 51234`,
      '[ ID] Interval       Transfer     Bandwidth',
      `[  4]  0.0-12.6 sec  ${bytes} MBytes  3.41 Mbits/sec`,
      '```',
    ].join('\n');

  it('is of one run with the server that has the same bytes', () => {
    expect(measurementsOf(runOfNote(ends({ seen: '203.0.113.9', bytes: '5.12' })))).toMatchObject([
      { throughput: { bitsPerSecond: 3.41e6, sentBytes: 5.12 * 1024 ** 2 } },
    ]);
  });

  it('is of another run where the bytes differ, or the server sees a client of the same network', () => {
    expect(measurementsOf(runOfNote(ends({ seen: '203.0.113.9', bytes: '5.25' })))).toHaveLength(2);
    expect(measurementsOf(runOfNote(ends({ seen: '10.0.2.16', bytes: '5.12' })))).toHaveLength(2);
  });
});
