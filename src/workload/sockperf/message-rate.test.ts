import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../record/error.ts';
import { throughput } from '../../record/throughput.ts';
import { sockperfReader } from './output/reader.ts';
import type { SockperfSpec } from './record.ts';
import { sockperf } from './sockperf.ts';

const fixtures = new URL('../../../test/fixtures/sockperf-3.7/', import.meta.url);
const text = (name: string) => readFileSync(new URL(`${name}.txt`, fixtures), 'utf8');

const spec: SockperfSpec = {
  name: 'small',
  kind: 'sockperf',
  durationNs: 1e9,
  mode: 'throughput',
  protocol: 'udp',
  messageBytes: 64,
  messagesPerSecond: null,
};
const place = { serverAddress: '10.0.0.1', clientFolder: '/tmp/w', keepsLog: true };

function read(client: string, server: string, changes: Partial<SockperfSpec> = {}) {
  const raw = { stdout: client, stderr: '', exitStatus: 0, files: {}, serverStdout: server };
  return sockperfReader.read(raw, { ...spec, ...changes });
}

describe('messages one way', () => {
  it('are sent as fast as it goes, or at a rate, without a log; the server is asked to end so that it says what arrived', () => {
    expect(sockperf.client(spec, place)).toMatchObject({ outputs: {} });
    expect(sockperf.client(spec, place).argv.join(' ')).toBe(
      'sockperf throughput -i 10.0.0.1 -p 11111 -m 64 -t 1 --mps max',
    );
    expect(sockperf.client({ ...spec, messagesPerSecond: 500 }, place).argv).toEqual(
      expect.arrayContaining(['--mps', '500']),
    );
    expect(sockperf.server(spec, place).endsBy).toBe('SIGINT');
    expect(sockperf.server({ ...spec, mode: 'ping-pong' }, place)).not.toHaveProperty('endsBy');
  });

  it('are a throughput of what arrived, with how many were sent', async () => {
    const reading = await read(text('throughput'), text('throughput-server'));
    expect(throughput.parse(reading.throughput)).toEqual(reading.throughput);
    expect(reading).toMatchObject({
      latency: null,
      messages: null,
      payloadBytes: 4979 * 64,
      throughput: {
        protocol: 'udp',
        bytes: 4979 * 64,
        bitsPerSecond: (4979 * 64 * 8) / 1.001,
        durationNs: 1.001e9,
        datagrams: { sent: 4979, lost: 0, outOfOrder: null, jitterNs: null },
      },
    });
    expect(
      (await read(text('throughput-tcp'), text('throughput-tcp-server'), { protocol: 'tcp' })).throughput,
    ).toMatchObject({
      protocol: 'tcp',
      bytes: 5003 * 64,
    });
  });

  it('that were lost on the way are the difference of the two ends', async () => {
    // The server stood still (SIGSTOP) for 0.4 s.
    expect((await read(text('throughput-lost'), text('throughput-lost-server'))).throughput).toMatchObject({
      bytes: 3039 * 64,
      sentBytes: 5000 * 64,
      datagrams: { sent: 5000, lost: 1961 },
    });
  });

  it('are refused where either end is cut off, or they contradict each other', async () => {
    const [client, server] = [text('throughput'), text('throughput-server')];
    await expect(read(client, '')).rejects.toThrow('of the server: missing or truncated');
    await expect(read(client, server.replace(/Total .*/, 'No messages were received on the server.'))).rejects.toThrow(
      'none of them arrived',
    );
    await expect(read(client, server.replace('Total 4979', 'Total 4980'))).rejects.toThrow('4980 messages arrived');
    await expect(read(client.replace('Rate is 4', 'Rate is 9'), server)).rejects.toThrow('messages a second');
    await fc.assert(
      fc.asyncProperty(fc.nat(client.length - 2), async (length) => {
        await expect(read(client.slice(0, length), server)).rejects.toThrow(ParseError);
      }),
    );
  });

  it('of a client that failed are its complaint', async () => {
    await expect(read(text('throughput-no-server-tcp'), '', { protocol: 'tcp' })).rejects.toThrow('Connection refused');
  });

  it('are judged as a transfer, without requests', () => {
    expect(sockperf.figures(spec)).toEqual(['throughput']);
    expect(sockperf.transfer(spec)).toMatchObject({ streams: 1, direction: 'upload' });
    expect(sockperf.requests(spec)).toBeNull();
    expect(sockperf.asked(spec)).toEqual({ figuresNs: 1e9, runNs: 1e9, pauseNs: 2e9 });
  });
});
