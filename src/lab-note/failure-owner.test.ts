import { describe, expect, it } from 'vitest';
import { readBlock } from './read-block.ts';

function read(...lines: readonly string[]): { failures: string[]; unread: number[] } {
  const { readings, notUnderstood } = readBlock({ kind: 'fenced', language: null, text: lines.join('\n') });
  return {
    failures: readings.flatMap(({ kind, tool, lines: at }) =>
      kind === 'failure' ? [`${tool.name} ${at.join(' ')}`] : [],
    ),
    unread: notUnderstood.map(({ line }) => line),
  };
}

describe('an error in words that many programs use', () => {
  it("is the tool's whose command stands above", () => {
    expect(read('$ perf trace -s -p 7', 'Error: no permission')).toEqual({ failures: ['perf 2'], unread: [] });
    expect(read('$ bpftrace -e BEGIN', 'ERROR: no symbol')).toEqual({ failures: ['bpftrace 2'], unread: [] });
    expect(read('$ sockperf pp -i 10.0.0.2', 'ERROR: no server')).toEqual({ failures: ['sockperf 2'], unread: [] });
  });

  it("is the tool's whose output stands above", () => {
    const output = 'sockperf: Summary: Latency is 49.200 usec';
    expect(read(output, 'ERROR: no server')).toEqual({ failures: ['sockperf 2'], unread: [] });
  });

  it('is a line that is not understood where another program ran last, or nobody knows which', () => {
    expect(read("$ podman run alpine sh -c 'iperf3 -c 10.0.0.2'", 'Error: no such image')).toEqual({
      failures: [],
      unread: [2],
    });
    expect(read('$ perf trace -s -p 7', '$ systemctl start x', 'Error: no such unit')).toEqual({
      failures: [],
      unread: [3],
    });
    expect(read('ERROR: no server')).toEqual({ failures: [], unread: [1] });
  });

  it('leaves the words that one tool alone has', () => {
    expect(read('$ systemctl start x', 'iperf3: error - unable to connect')).toEqual({
      failures: ['iperf3 2'],
      unread: [],
    });
  });
});
