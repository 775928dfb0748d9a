import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleVmmFacts } from '../../test/sample/guest-facts.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { debugBuild } from './debug-build.ts';

function judge(isDebugBuild: boolean | null) {
  const vmm = sampleVmmFacts({ isDebugBuild, buildReason: isDebugBuild === null ? null : 'opt-level 0' });
  return debugBuild.judge(sampleContext(sampleIperf3Measurement(), { trial: sampleTrial({ vmm }) }));
}

describe('debug-build', () => {
  it('doubts every figure of a debug build, and says how that is known', () => {
    expect(judge(true)).toMatchObject([
      { level: 'doubt', concerns: ['all'], message: expect.stringContaining('opt-level 0') as string },
    ]);
  });

  it('is silent on a release build, and where the binary does not say', () => {
    expect([...judge(false), ...judge(null)]).toEqual([]);
  });
});
