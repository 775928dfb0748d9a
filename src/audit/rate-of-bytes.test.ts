import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { rateOfBytes } from './rate-of-bytes.ts';

function levels(factor: number) {
  const throughput = sampleThroughput();
  const bitsPerSecond = throughput.bitsPerSecond * factor;
  const measurement = { ...sampleIperf3Measurement(), throughput: { ...throughput, bitsPerSecond } };
  return rateOfBytes.judge(sampleContext(measurement)).map((finding) => finding.level);
}

describe('rate-of-bytes', () => {
  it('is silent where rate, bytes and duration agree within the ends of the two clocks', () => {
    expect(levels(1)).toEqual([]);
    expect(levels(1.0099)).toEqual([]);
  });

  it('voids a rate of another unit or another duration', () => {
    expect(levels(1.0102)).toEqual(['void']);
    expect(levels(1 / 8)).toEqual(['void']);
  });
});
