import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import type { Throughput } from '../record/throughput.ts';
import { streamSum } from './stream-sum.ts';

function judge(changes: (throughput: Throughput) => Partial<Throughput>) {
  const throughput = sampleThroughput();
  return streamSum.judge(
    sampleContext({ ...sampleIperf3Measurement(), throughput: { ...throughput, ...changes(throughput) } }),
  );
}

describe('stream-sum', () => {
  it('is silent where the streams add up', () => {
    expect(judge(() => ({}))).toEqual([]);
  });

  it.each([
    [1.0009, []],
    [1.0011, ['doubt']],
    [1.0099, ['doubt']],
    [1.0102, ['void']],
    [0.98, ['void']],
  ])('gives for a total of %d x the streams: %j', (factor, expected) => {
    const findings = judge(({ bytes }) => ({ bytes: (bytes ?? 0) * factor }));
    expect(findings.map((finding) => finding.level)).toEqual(expected);
  });

  it('voids a transfer with a stream missing', () => {
    expect(judge(({ streams }) => ({ streams: streams.slice(1) }))).toMatchObject([
      { level: 'void', message: '3 streams were reported, 4 were asked for' },
    ]);
  });
});
