import { describe, expect, it } from 'vitest';
import { iperf3 } from './iperf3.ts';
import type { Iperf3Spec } from './record.ts';

const spec: Iperf3Spec = {
  name: 'bulk',
  kind: 'iperf3',
  durationNs: 30e9,
  protocol: 'tcp',
  streams: 4,
  direction: 'upload',
  omitNs: 0,
  targetBitsPerSecond: null,
  bufferBytes: null,
};
const place = { serverAddress: '192.168.100.1', clientFolder: '/tmp/w', keepsLog: true };
const client = (changes: Partial<Iperf3Spec>) => iperf3.client({ ...spec, ...changes }, place).argv.join(' ');

describe('a search', () => {
  const searched: Iperf3Spec = { ...spec, protocol: 'udp', search: { mostLostShare: 0.001 } };
  const formats = { span: String, rate: (bits: number) => `${String(bits)} bit/s`, size: String };

  it('is told with its limit, and with the highest rate that it may try', () => {
    expect(iperf3.settings(searched, formats)).toContain('the highest rate with loss <= 0.1 %');
    expect(iperf3.settings({ ...searched, targetBitsPerSecond: 5e9 }, formats)).toContain('up to 5000000000 bit/s');
  });

  it('is done again as it was asked for', () => {
    expect(iperf3.repeatable({ ...searched, targetBitsPerSecond: 5e9 })).toMatchObject({
      fields: { protocol: 'udp', rate: '5000000000bit/s', search: 'loss <= 0.1 %' },
    });
  });
});

describe('the command lines of iperf3', () => {
  it('are those of the lab note, as JSON, for the default', () => {
    expect(client({})).toBe('iperf3 -c 192.168.100.1 -p 5201 -t 30 -P 4 -i 1 -J --connect-timeout 5000');
  });

  it('start a server that ends after one client and is ready when its control port listens', () => {
    const server = iperf3.server({ ...spec, protocol: 'udp' }, place);
    expect(server.argv.join(' ')).toBe('iperf3 -s -1 -J -B 192.168.100.1 -p 5201');
    expect(server.ready).toEqual({ protocol: 'tcp', port: 5201 });
  });

  it('send both ways at once', () => {
    expect(client({ direction: 'both' })).toContain(' --bidir');
  });

  it('round a duration up to the whole seconds that iperf3 takes', () => {
    expect(client({ durationNs: 2_000_000_001 })).toContain(' -t 3 ');
    expect(iperf3.trafficNs({ ...spec, durationNs: 2_000_000_001, omitNs: 500_000_000 })).toBe(4e9);
  });

  it('divide the target rate among the streams, for iperf3 counts it for each', () => {
    expect(client({ protocol: 'udp', streams: 2, targetBitsPerSecond: 100e6 })).toMatch(/ -u -b 50000000$/);
  });

  it('lift the 1 Mbit/s that iperf3 gives UDP unless told otherwise', () => {
    expect(client({ protocol: 'udp' })).toMatch(/ -u -b 0$/);
  });

  it('carry direction, omitted seconds and buffer length', () => {
    expect(client({ direction: 'download', omitNs: 5e9, bufferBytes: 4096 })).toMatch(/ -R -O 5 -l 4096$/);
  });
});
