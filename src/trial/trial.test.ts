import { describe, expect, it } from 'vitest';
import { TapbenchError } from '../record/error.ts';
import { failureOf } from './trial.ts';

const draft = { machines: [], workload: 'iperf3' };

describe('the reason of a failed trial', () => {
  it('is what failed first, with what then failed while it was taken down', () => {
    const first = new TapbenchError('TOOL_FAILED', 'iperf3 ended with 1', { hint: 'look at its output' });
    const thrown = new SuppressedError(new Error('the namespace is busy'), first);
    expect(failureOf(thrown, draft)).toMatchObject({
      code: 'TOOL_FAILED',
      message: 'iperf3 ended with 1\nthen, while it was taken down: the namespace is busy',
      hint: 'look at its output',
      workload: 'iperf3',
    });
  });

  it('is a full disk, whatever failed after it', () => {
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    expect(failureOf(new SuppressedError(new Error('busy'), full), draft).code).toBe('STORE_FAILED');
    expect(failureOf(new SuppressedError(full, new Error('a fault')), draft)).toMatchObject({
      code: 'TRIAL_FAILED',
      message: 'a fault\nthen, while it was taken down: no space',
    });
  });
});
