import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleVmmFacts } from '../../test/sample/guest-facts.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import { emulatedCpu } from './emulated-cpu.ts';

describe('emulated-cpu', () => {
  it('is silent under KVM', () => {
    expect(emulatedCpu.judge(sampleContext(sampleSockperfMeasurement()))).toEqual([]);
  });

  it('says of every figure under TCG that it is not comparable', () => {
    const trial = sampleTrial({ vmm: sampleVmmFacts({ accel: 'tcg' }) });
    expect(emulatedCpu.judge(sampleContext(sampleSockperfMeasurement(), { trial }))).toMatchObject([
      { level: 'note', message: 'emulated CPU: not comparable with hardware virtualisation', concerns: ['all'] },
    ]);
  });
});
