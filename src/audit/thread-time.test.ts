import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { threadTime } from './thread-time.ts';

function judge(runNs: number) {
  const measurement = { ...sampleSockperfMeasurement(), window: { startNs: 0, endNs: 10_000_000_000 } };
  const threads = measurement.threads.map((thread) => ({ ...thread, runNs }));
  return threadTime.judge(sampleContext({ ...measurement, threads }));
}

describe('thread-time', () => {
  it('is silent on a thread that ran all the time', () => {
    expect(judge(10_120_000_000)).toEqual([]);
  });

  it('voids the cost of a thread that ran for longer than the window', () => {
    expect(judge(10_130_000_000)).toMatchObject([{ level: 'void', concerns: ['cost'] }]);
  });
});
