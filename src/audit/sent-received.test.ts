import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import type { Iperf3Spec } from '../record/experiment.ts';
import type { Throughput } from '../record/throughput.ts';
import { sentReceived } from './sent-received.ts';

/** 4 streams x (4 MiB to send + 6 MiB to receive), as the sample's sysctls say. */
const inFlight = 4 * (4_194_304 + 6_291_456);

function judge(changes: Partial<Throughput>, spec: Partial<Iperf3Spec> = {}) {
  const measurement = sampleIperf3Measurement({ spec });
  return sentReceived.judge(sampleContext({ ...measurement, throughput: { ...sampleThroughput(), ...changes } }));
}

describe('sent-received', () => {
  const { bytes } = sampleThroughput();

  it('is silent up to what the socket buffers of all streams can hold', () => {
    expect(judge({})).toEqual([]);
    expect(judge({ sentBytes: bytes + inFlight })).toEqual([]);
  });

  it('doubts bytes that no buffer can hold, and voids one per cent of them', () => {
    expect(judge({ sentBytes: bytes + inFlight + 1 })).toMatchObject([{ level: 'doubt' }]);
    expect(judge({ sentBytes: bytes / 0.9901 })).toMatchObject([{ level: 'doubt' }]);
    expect(judge({ sentBytes: bytes / 0.9899 })).toMatchObject([{ level: 'void' }]);
  });

  it('allows for one write a stream that was counted late', () => {
    expect(judge({ sentBytes: bytes - 4 * 131_072 })).toEqual([]);
    expect(judge({ sentBytes: bytes - 4 * 131_072 - 1 })).toMatchObject([{ level: 'doubt' }]);
  });

  it('doubts more received than sent, unless seconds were omitted', () => {
    expect(judge({ sentBytes: bytes - 1_000_000 })).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('more was received') as string },
    ]);
    expect(judge({ sentBytes: bytes - 1_000_000 }, { omitNs: 1_000_000_000 })).toEqual([]);
  });

  it('counts lost datagrams in', () => {
    const udp = { protocol: 'udp' as const, sentBytes: 1_000_000, streams: [] };
    const datagrams = { sent: 1_000, lost: 100, outOfOrder: 0, jitterNs: 0 };
    expect(judge({ ...udp, bytes: 900_000, datagrams })).toEqual([]);
    expect(judge({ ...udp, bytes: 1_000_000, datagrams })).toMatchObject([{ level: 'void' }]);
  });
});
