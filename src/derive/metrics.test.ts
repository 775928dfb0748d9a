import { describe, expect, it } from 'vitest';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import type { SampleMeasurement } from '../../test/sample/measurement.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleSeveral, sampleWorldTrial } from '../../test/sample/world.ts';
import type { Measurement } from '../record/measurement.ts';
import type { ThroughputWay } from '../record/throughput.ts';
import { deriveTrial } from './derive.ts';
import { metricNamed, metrics } from './metrics.ts';

function way(rate: number, sent: number, lost: number): ThroughputWay {
  return {
    bitsPerSecond: rate,
    bytes: rate,
    sentBytes: rate,
    retransmits: null,
    lostDatagrams: lost,
    sentDatagrams: sent,
    jitterNs: sent,
  };
}

/** Both ways at once for 2 s: 1,000 of 2,000 datagrams to the server arrive, and 3,000 of 3,000 back. */
function bothWays(): SampleMeasurement {
  const sample = sampleIperf3Measurement({ spec: { protocol: 'udp', direction: 'both' } });
  const { throughput } = sample;
  if (throughput === null) throw new Error('the sample has a throughput');
  return {
    ...sample,
    throughput: {
      ...throughput,
      protocol: 'udp',
      durationNs: 2e9,
      datagrams: { sent: 5_000, lost: 1_000, outOfOrder: 0, jitterNs: 3_000 },
      ways: { upload: way(1e6, 2_000, 1_000), download: way(3e6, 3_000, 0) },
    },
  };
}

function valuesOf(samples: readonly SampleMeasurement[]): Record<string, number | null> {
  const [measurement] = deriveTrial(sampleWorldTrial(sampleSeveral([...samples])), sampleRunHeader()).measurements;
  const of = (one: Measurement | undefined, name: string): number | null =>
    one === undefined ? null : (metricNamed(name)?.read(one) ?? null);
  const names = metrics.map(({ name }) => name).filter((name) => name.startsWith('throughput.'));
  return Object.fromEntries(names.map((name) => [name.slice('throughput.'.length), of(measurement, name)]));
}

describe('metrics of datagrams both ways at once', () => {
  it('are of both together and of each way', () => {
    expect(valuesOf([bothWays()])).toMatchObject({
      lostShare: 0.2,
      datagramsPerSecond: 2_000,
      jitterNs: 3_000,
      'ways.upload.bitsPerSecond': 1e6,
      'ways.upload.datagramsPerSecond': 500,
      'ways.upload.lostShare': 0.5,
      'ways.upload.jitterNs': 2_000,
      'ways.download.bitsPerSecond': 3e6,
      'ways.download.datagramsPerSecond': 1_500,
      'ways.download.lostShare': 0,
      'ways.download.jitterNs': 3_000,
    });
  });

  it('are sums over several flows, and shares of all their datagrams; of jitter the largest', () => {
    expect(valuesOf([bothWays(), bothWays()])).toMatchObject({
      lostShare: 0.2,
      datagramsPerSecond: 4_000,
      jitterNs: 3_000,
      'ways.upload.bitsPerSecond': 2e6,
      'ways.upload.datagramsPerSecond': 1_000,
      'ways.download.datagramsPerSecond': 3_000,
    });
  });

  it('are null of TCP, and each way is null of one way', () => {
    const values = valuesOf([sampleIperf3Measurement()]);
    const there = Object.entries(values).filter(([, value]) => value !== null);
    expect(there.map(([name]) => name)).toEqual(['bitsPerSecond']);
  });
});
