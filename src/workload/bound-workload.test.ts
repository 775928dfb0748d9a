import { describe, expect, it } from 'vitest';
import { workloadFor } from './bound-workload.ts';
import type { Iperf3Spec } from './iperf3/record.ts';
import { workloadPrograms } from './programs.ts';
import type { SockperfSpec } from './sockperf/record.ts';

const bulk: Iperf3Spec = {
  name: 'bulk',
  kind: 'iperf3',
  durationNs: 3e9,
  protocol: 'tcp',
  streams: 4,
  direction: 'upload',
  omitNs: 1e9,
  targetBitsPerSecond: null,
  bufferBytes: null,
};
const small: SockperfSpec = {
  name: 'small',
  kind: 'sockperf',
  durationNs: 3e9,
  mode: 'ping-pong',
  protocol: 'udp',
  messageBytes: 64,
  messagesPerSecond: null,
};
const place = { serverAddress: '10.0.0.1', clientFolder: '/tmp', keepsLog: false };

describe('workloadFor', () => {
  it('gives the tool of the spec’s kind, with what the spec asks for', () => {
    expect(workloadFor(bulk)).toMatchObject({ kind: 'iperf3', trafficNs: 4e9, silentNs: 0 });
    expect(workloadFor(bulk).client(place).argv[0]).toBe('iperf3');
    expect(workloadFor(small)).toMatchObject({ kind: 'sockperf', trafficNs: 3e9, silentNs: 2e9 });
    expect(workloadFor(small).server(place)?.argv[0]).toBe('sockperf');
  });

  it('reads the output of that tool', async () => {
    const raw = { stdout: '', stderr: '', exitStatus: 0, files: {} };
    await expect(workloadFor(bulk).parse(raw)).rejects.toThrow('iperf3 -J');
    await expect(workloadFor(small).parse(raw)).rejects.toThrow('sockperf: line 1');
  });

  it('needs only programs that are listed for the guest image', () => {
    expect(workloadPrograms.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...workloadFor(bulk).programs, ...workloadFor(small).programs]),
    );
  });
});
