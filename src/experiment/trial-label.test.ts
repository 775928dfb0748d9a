import { describe, expect, it } from 'vitest';
import { sampleConfiguration, sampleExperiment } from '../../test/sample/experiment.ts';
import { plan } from './plan.ts';
import { trialLabel } from './trial-label.ts';

const experiment = sampleExperiment({ boots: 3, configurations: [sampleConfiguration({ name: 'a' })] });
const planned = plan(experiment);

function labelAt(index: number, changes: { trialId?: string; repeats?: string } = {}): string {
  const trial = planned[index] ?? expect.fail('the plan has it');
  return trialLabel({ ...trial, repeats: null, ...changes }, planned, experiment);
}

describe('the name of a trial for progress', () => {
  it('says which one it is and how long the rest takes', () => {
    // Two workloads of 30 s, and their traced windows of 5 s.
    expect(labelAt(0)).toMatch(/^001-a-b1 \(1 of 3, about 4 min left\)$/);
    expect(labelAt(2)).toMatch(/^003-a-b3 \(3 of 3, about \d+ s left\)$/);
  });

  it('counts a repetition as what it repeats', () => {
    expect(labelAt(0, { trialId: '001-a-b1.2', repeats: '001-a-b1' })).toMatch(/^001-a-b1\.2 \(1 of 3, /);
  });

  it('is the id where there is but one', () => {
    const [only] = planned;
    expect(only === undefined ? null : trialLabel({ ...only, repeats: null }, [only], experiment)).toBe('001-a-b1');
  });
});
