import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { partialTracing } from './partial-tracing.ts';

describe('partial-tracing', () => {
  it('is silent where all calls were counted, or none', () => {
    expect(partialTracing.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
    expect(partialTracing.judge(sampleContext({ ...sampleSockperfMeasurement(), systemCalls: null }))).toEqual([]);
  });

  it('doubts counts of reads and writes alone and says why', () => {
    const measurement = sampleSockperfMeasurement();
    const { systemCalls } = measurement;
    if (systemCalls === null) throw new Error('the sample was traced');
    const partial = { ...systemCalls, source: 'procfs-io' as const, sourceReason: 'bpftrace is not installed' };
    expect(partialTracing.judge(sampleContext({ ...measurement, systemCalls: partial }))).toMatchObject([
      { level: 'doubt', message: expect.stringContaining('bpftrace is not installed') as string },
    ]);
  });
});
