import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleLink } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import { linkPayload } from './link-payload.ts';

function scaled(measurement: WholeMeasurement, direction: 'fromGuest' | 'toGuest', factor: number) {
  const { link } = measurement;
  if (link === null) throw new Error('the sample has a link');
  const changed = { ...link[direction], bytes: link[direction].bytes * factor };
  return linkPayload.judge(sampleContext({ ...measurement, link: { ...link, [direction]: changed } }));
}

describe('link-payload of a bulk transfer', () => {
  it('asks for no more than its own bytes where others share the window', () => {
    const shared = { ...sampleIperf3Measurement(), underLoad: ['other'] };
    expect([4, 1, 0.9].map((factor) => scaled(shared, 'fromGuest', factor).map(({ level }) => level))).toEqual([
      [],
      [],
      ['void'],
    ]);
  });

  it('is silent on payload and headers, in frames of segmentation offload and of single segments', () => {
    const measurement = sampleIperf3Measurement();
    expect(scaled(measurement, 'fromGuest', 1)).toEqual([]);
    const sent = measurement.throughput?.sentBytes ?? 0;
    const packets = Math.ceil(sent / 1_448);
    const link = sampleLink({ packets, bytes: sent + packets * 66 }, { packets, bytes: packets * 66 });
    expect(linkPayload.judge(sampleContext({ ...measurement, link }))).toEqual([]);
  });

  it.each([
    [0.9, ['void']],
    [0.987, ['void']],
    [0.9895, ['doubt']],
    [0.993, ['doubt']],
    [1.02, ['doubt']],
    [1.1, ['doubt']],
    [1.13, ['void']],
    [1.2, ['void']],
    [4, ['void']],
  ])('gives for %d x the bytes: %j', (factor, expected) => {
    expect(scaled(sampleIperf3Measurement(), 'fromGuest', factor).map((finding) => finding.level)).toEqual(expected);
  });

  it('looks at the direction of the data', () => {
    const download = sampleIperf3Measurement({ spec: { direction: 'download' } });
    expect(scaled(download, 'toGuest', 1)).toEqual([]);
    expect(scaled(download, 'toGuest', 0.5)).toMatchObject([
      { level: 'void', message: expect.stringContaining('into the guest') as string },
    ]);
  });

  it('allows for segments that were sent again and seconds that were omitted', () => {
    const measurement = sampleIperf3Measurement();
    const { throughput } = measurement;
    const first = throughput?.intervals[0];
    if (throughput === null || first === undefined) throw new Error('the sample has a throughput');
    const omitted = { ...throughput, intervals: [{ ...first, isOmitted: true }, ...throughput.intervals] };
    expect(scaled({ ...measurement, throughput: omitted }, 'fromGuest', 1.03)).toEqual([]);
    expect(
      scaled({ ...measurement, throughput: { ...throughput, retransmits: 1_300_000 } }, 'fromGuest', 1.03),
    ).toEqual([]);
  });
});

describe('link-payload of messages', () => {
  it.each(['fromGuest', 'toGuest'] as const)(
    'is silent on a frame a message %s, and speaks below and above',
    (direction) => {
      const measurement = sampleSockperfMeasurement();
      expect(scaled(measurement, direction, 1)).toEqual([]);
      expect(scaled(measurement, direction, 0.98)).toMatchObject([{ level: 'void' }]);
      expect(scaled(measurement, direction, 0.995)).toMatchObject([{ level: 'doubt' }]);
      expect(scaled(measurement, direction, 1.15)).toMatchObject([{ level: 'doubt' }]);
      expect(scaled(measurement, direction, 2)).toMatchObject([{ level: 'void' }]);
    },
  );

  it('allows for a warm-up that the tool does not count', () => {
    const measurement = sampleSockperfMeasurement({ spec: { durationNs: 3_000_000_000 } });
    const { latency } = measurement;
    if (latency === null) throw new Error('the sample has a latency');
    const { messages } = latency;
    const counted = { ...latency, sentMessages: messages, receivedMessages: messages };
    expect(linkPayload.judge(sampleContext({ ...measurement, latency: counted }))).toEqual([]);
  });

  it('counts the fragments of a large datagram', () => {
    const measurement = sampleSockperfMeasurement({ spec: { messageBytes: 4_000 } });
    const count = measurement.latency?.sentMessages ?? 0;
    const frames = { packets: 3 * count, bytes: count * (4_008 + 3 * 34) };
    expect(linkPayload.judge(sampleContext({ ...measurement, link: sampleLink(frames, frames) }))).toEqual([]);
  });
});
