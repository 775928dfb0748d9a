import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { type SampleRate, sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import type { Throughput } from '../record/throughput.ts';
import { sentReceived } from './sent-received.ts';

/** 4 streams x (4 MiB to send + 6 MiB to receive), as the sample's sysctls say. */
const inFlight = 4 * (4_194_304 + 6_291_456);

function judge(changes: Partial<Throughput>, spec: NonNullable<SampleRate['spec']> = {}) {
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

  it('only doubts datagrams that were lost at the end, which no tool counts as lost', () => {
    // As iperf3 3.12 printed it of `-u -b 0`.
    const datagrams = { sent: 73_990, lost: 50_802, outOfOrder: 0, jitterNs: 0 };
    const udp = { protocol: 'udp' as const, sentBytes: 73_990 * 1400, streams: [], datagrams };
    expect(judge({ ...udp, bytes: 22_312 * 1400 })).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('lost at the end') as string },
    ]);
    expect(judge({ ...udp, bytes: 23_188 * 1400 - 212_992 })).toEqual([]);
  });

  it('does not void more received than sent where the two ends may have omitted different seconds', () => {
    const omitted = { omitNs: 1_000_000_000 };
    expect(judge({ sentBytes: bytes * 0.88 }, omitted)).toMatchObject([{ level: 'doubt' }]);
    expect(judge({ sentBytes: bytes * 0.88 })).toMatchObject([{ level: 'void' }]);
  });
});
