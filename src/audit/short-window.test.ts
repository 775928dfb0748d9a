import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { shortWindow } from './short-window.ts';

describe('short-window', () => {
  it('is silent from 5 s on, for both tools', () => {
    const spec = { durationNs: 5_000_000_000 };
    expect(shortWindow.judge(sampleContext(sampleIperf3Measurement({ spec })))).toEqual([]);
    expect(shortWindow.judge(sampleContext(sampleSockperfMeasurement({ spec })))).toEqual([]);
  });

  it('notes figures of fewer seconds', () => {
    const measurement = sampleSockperfMeasurement({ spec: { durationNs: 3_000_000_000 } });
    expect(shortWindow.judge(sampleContext(measurement))).toMatchObject([
      { level: 'note', message: expect.stringContaining('3 s of traffic') as string, concerns: ['latency'] },
    ]);
  });
});
