import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement, sampleThroughput } from '../../test/sample/iperf3.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { toolDuration } from './tool-duration.ts';

function judge(durationNs: number, windowNs: number) {
  const measurement = sampleIperf3Measurement();
  const throughput = { ...sampleThroughput(), durationNs };
  return toolDuration.judge(sampleContext({ ...measurement, throughput, window: { startNs: 0, endNs: windowNs } }));
}

describe('tool-duration', () => {
  it('is silent on 30 s in a window a little longer, for both tools', () => {
    expect(judge(30e9, 30.2e9)).toEqual([]);
    expect(toolDuration.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });

  it('voids a run that was longer than the window that holds it', () => {
    expect(judge(30.2e9, 30e9)).toEqual([]);
    expect(judge(30.4e9, 30e9)).toMatchObject([{ level: 'void', concerns: ['all'] }]);
  });

  it('doubts a run that ended early', () => {
    expect(judge(28.6e9, 30e9)).toEqual([]);
    expect(judge(28.4e9, 30e9)).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('ended early') as string },
    ]);
  });

  it('knows what sockperf leaves out of its figures', () => {
    const measurement = sampleSockperfMeasurement({ spec: { durationNs: 3e9 } });
    const { latency } = measurement;
    if (latency === null) throw new Error('the sample has a latency');
    const levels = (durationNs: number) =>
      toolDuration.judge(sampleContext({ ...measurement, latency: { ...latency, durationNs } })).length;
    expect([levels(2.43e9), levels(2.42e9)]).toEqual([0, 1]);
  });

  it('knows that a shared window is as long as the longest of its workloads', () => {
    const measurement = { ...sampleIperf3Measurement(), window: { startNs: 0, endNs: 90e9 } };
    expect(toolDuration.judge(sampleContext(measurement))).toHaveLength(1);
    expect(toolDuration.judge(sampleContext({ ...measurement, underLoad: ['other'] }))).toEqual([]);
  });

  it('doubts a window far longer than the run', () => {
    expect(judge(30e9, 42e9)).toEqual([]);
    expect(judge(30e9, 43e9)).toMatchObject([{ level: 'doubt', message: expect.stringContaining('clock') as string }]);
  });
});
