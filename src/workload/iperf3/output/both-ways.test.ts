import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../../record/error.ts';
import { throughput } from '../../../record/throughput.ts';
import type { Iperf3Spec } from '../record.ts';
import { iperf3Reader } from './reader.ts';

const text = (name: string) =>
  readFileSync(new URL(`../../../../test/fixtures/iperf3-3.12/${name}.json`, import.meta.url), 'utf8');

const spec: Iperf3Spec = {
  name: 'bulk',
  kind: 'iperf3',
  durationNs: 2e9,
  protocol: 'tcp',
  streams: 2,
  direction: 'both',
  omitNs: 0,
  targetBitsPerSecond: null,
  bufferBytes: null,
};

function read(stdout: string, changes: Partial<Iperf3Spec> = {}) {
  return iperf3Reader.read({ stdout, stderr: '', exitStatus: 0, files: {} }, { ...spec, ...changes });
}

describe('both ways at once', () => {
  it('are one transfer, with what each way carried', async () => {
    const { throughput: found, payloadBytes } = await read(text('tcp-bidir'));
    expect(throughput.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      bytes: 2_837_184_406 + 1_736_179_712,
      sentBytes: 2_837_708_800 + 1_799_618_560,
      durationNs: 2_003_414_000,
      retransmits: 9,
      ways: {
        upload: { bytes: 2_837_184_406, sentBytes: 2_837_708_800, retransmits: 1, lostDatagrams: null },
        download: { bytes: 1_736_179_712, sentBytes: 1_799_618_560, retransmits: 8, lostDatagrams: null },
      },
    });
    expect(found?.ways?.upload.bitsPerSecond).toBeCloseTo(11_329_398_341, -1);
    expect(found?.ways?.download.bitsPerSecond).toBeCloseTo(6_932_884_414, -1);
    expect(found?.bitsPerSecond).toBeCloseTo(11_329_398_341 + 6_932_884_414, -1);
    expect(found?.streams).toHaveLength(4);
    expect(found?.streams.map(({ meanTcpRoundTripNs }) => meanTcpRoundTripNs !== null)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(found?.intervals[0]?.bytes).toBe(1_631_846_400 + 869_400_470);
    expect(payloadBytes).toBe(found?.bytes);
  });

  it('of one stream each, with an omitted part, and of UDP are read too', async () => {
    expect((await read(text('tcp-bidir-1'), { streams: 1 })).throughput?.streams).toHaveLength(2);
    const omitted = await read(text('tcp-bidir-omit'), { omitNs: 1e9 });
    expect(omitted.throughput?.intervals.map(({ isOmitted }) => isOmitted)).toEqual([true, false, false]);
    expect(omitted.payloadBytes).toBeGreaterThan(omitted.throughput?.bytes ?? Infinity);
    expect((await read(text('udp-bidir'), { protocol: 'udp' })).throughput).toMatchObject({
      protocol: 'udp',
      datagrams: { sent: 612, lost: 4, outOfOrder: 0 },
      ways: {
        upload: { lostDatagrams: 2, sentDatagrams: 306, jitterNs: expect.any(Number) as number },
        download: { lostDatagrams: 2, sentDatagrams: 306, jitterNs: expect.any(Number) as number },
      },
    });
  });

  it('are refused where one of them is missing, cut off or failed', async () => {
    const whole = text('tcp-bidir');
    await expect(read(text('tcp-4'), { streams: 4 })).rejects.toThrow(ParseError);
    await expect(read(whole, { direction: 'upload' })).rejects.toThrow('4 streams, but 2 were asked for');
    await expect(read(whole.replace('sum_received_bidir_reverse', 'sum_other'))).rejects.toThrow(ParseError);
    await expect(read(whole.slice(0, whole.length / 2))).rejects.toThrow('truncated');
    await expect(read(text('bidir-server-killed'), { streams: 1 })).rejects.toThrow('control socket has closed');
  });
});
