import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { unsteadyRate } from './unsteady-rate.ts';

function judge(factor: number) {
  const throughput = sampleThroughput();
  const intervals = throughput.intervals.map((one, second) =>
    second === 3 ? { ...one, bytes: one.bytes * factor, bitsPerSecond: one.bitsPerSecond * factor } : one,
  );
  return unsteadyRate.judge(sampleContext({ ...sampleIperf3Measurement(), throughput: { ...throughput, intervals } }));
}

describe('unsteady-rate', () => {
  it('is silent on noise', () => {
    expect(judge(0.51)).toEqual([]);
    expect(judge(2)).toEqual([]);
  });

  it('notes a second under half of the median rate', () => {
    expect(judge(0.49)).toMatchObject([
      { level: 'note', message: expect.stringMatching(/^1 of 30 intervals .* the first at 3 s$/) as string },
    ]);
  });

  it('leaves empty intervals to zero-interval', () => {
    expect(judge(0)).toEqual([]);
  });
});
