import { describe, expect, it } from 'vitest';
import { readBlock } from '../read-block.ts';

/** The calls that a text has, as words. */
function callsOf(kind: 'fenced' | 'prose', ...lines: readonly string[]): string[] {
  return readBlock({ kind, language: null, text: lines.join('\n') }).commands.map(({ argv }) => argv.join(' '));
}

describe('a call in a printed list of another language', () => {
  it('ends with its quote', () => {
    expect(callsOf('fenced', "*** client : ('sockperf pp -i 10.0.0.2 -t 10 --mps 50',)")).toEqual([
      'sockperf pp -i 10.0.0.2 -t 10 --mps 50',
    ]);
  });

  it('ends no earlier for an apostrophe before it', () => {
    expect(callsOf('fenced', "the clients' iperf3 -c 10.0.0.2 -t 10")).toEqual(['iperf3 -c 10.0.0.2 -t 10']);
  });
});

describe('a list of processes', () => {
  const list = ['$ ps aux | grep strace', '4711 strace -c -p 12', '4712 strace -c ls'];

  it.each(['fenced', 'prose'] as const)('has no commands of the note: %s', (kind) => {
    expect(callsOf(kind, ...list)).toEqual(['ps aux']);
    const rows = [
      'root      4711  0.0  0.1   5200  1900 pts/0    S+   10:00   0:00 iperf3 -s',
      'root      4711     1  0 10:00 pts/0    00:00:01 iperf3 -c 10.0.0.2',
    ];
    expect(callsOf(kind, ...rows)).toEqual([]);
  });

  it('ends at a blank line or at the next prompt', () => {
    expect(callsOf('fenced', ...list, '$ iperf3 -s', '  12  iperf3 -c 10.0.0.2')).toEqual([
      'ps aux',
      'iperf3 -s',
      'iperf3 -c 10.0.0.2',
    ]);
  });
});

describe('words that explain an option', () => {
  it('are no call', () => {
    expect(callsOf('prose', 'strace -c:统计每个系统调用')).toEqual([]);
  });
});
