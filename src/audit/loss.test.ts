import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { sampleLatency, sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { Latency } from '../record/latency.ts';
import type { Throughput } from '../record/throughput.ts';
import { loss } from './loss.ts';

function bulk(changes: Partial<Throughput>) {
  const throughput = { ...sampleThroughput(), ...changes };
  return loss.judge(sampleContext({ ...sampleIperf3Measurement(), throughput })).map((finding) => finding.level);
}

function messages(changes: Partial<Latency>) {
  const latency = { ...sampleLatency(), sentMessages: 100_000, ...changes };
  return loss.judge(sampleContext({ ...sampleSockperfMeasurement(), latency })).map((finding) => finding.level);
}

describe('loss', () => {
  it.each([
    [0, []],
    [99, []],
    [102, ['note']],
    [9_900, ['note']],
    [10_300, ['doubt']],
  ])('gives for %d of a million segments sent again: %j', (retransmits, expected) => {
    expect(bulk({ bytes: 1_448_000_000, retransmits })).toEqual(expected);
  });

  it('does not judge what could not be counted', () => {
    expect(bulk({ retransmits: null })).toEqual([]);
  });

  it.each([
    [0, []],
    [10, ['note']],
    [11, ['doubt']],
  ])('gives for %d of a thousand datagrams lost: %j', (lost, expected) => {
    expect(bulk({ datagrams: { sent: 1_000, lost, outOfOrder: 0, jitterNs: 0 } })).toEqual(expected);
  });

  it.each(['droppedMessages', 'duplicatedMessages', 'outOfOrderMessages'])('speaks of %s by their share', (kind) => {
    expect(messages({})).toEqual([]);
    expect(messages({ [kind]: 100 })).toEqual(['note']);
    expect(messages({ [kind]: 101 })).toEqual(['doubt']);
  });

  it('speaks of frames that the tap dropped, with the direction', () => {
    const measurement = sampleSockperfMeasurement();
    const clean = { packets: 100_000, bytes: 1, drops: 0, errors: 0 };
    const link = { device: 'tap0', fromGuest: { ...clean, errors: 1 }, toGuest: { ...clean, drops: 101 } };
    expect(loss.judge(sampleContext({ ...measurement, link }))).toMatchObject([
      { level: 'note', message: expect.stringContaining('out of the guest') as string },
      { level: 'doubt', message: expect.stringContaining('into the guest') as string },
    ]);
    const fewer = { ...link, toGuest: { ...clean, drops: 100 } };
    expect(loss.judge(sampleContext({ ...measurement, link: fewer })).map((one) => one.level)).toEqual([
      'note',
      'note',
    ]);
  });
});
