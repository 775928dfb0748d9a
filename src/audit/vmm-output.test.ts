import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import type { VmmErrors } from '../record/probe-readings.ts';
import { vmmOutput } from './vmm-output.ts';

const none: VmmErrors = { count: 0, lines: [] };
const first = 'qemu-system-x86_64: failed to read tap';

function judged(measured: VmmErrors | null, traced: VmmErrors | null) {
  const sample = sampleSockperfMeasurement();
  if (sample.traced === null) throw new Error('the sample has no traced window');
  const { traced: window } = sample;
  return vmmOutput.judge(sampleContext({ ...sample, vmmErrors: measured, traced: { ...window, vmmErrors: traced } }));
}

describe('vmm-output', () => {
  it('is silent where the VMM said nothing, and where nobody looked', () => {
    expect(judged(none, none)).toEqual([]);
    expect(judged(null, null)).toEqual([]);
    expect(vmmOutput.judge(sampleContext({ ...sampleSockperfMeasurement(), vmmErrors: none, traced: null }))).toEqual(
      [],
    );
  });

  it('doubts a window in which the VMM wrote errors, with their number and the first of them', () => {
    expect(judged({ count: 1, lines: [first] }, none)).toEqual([
      {
        level: 'doubt',
        audit: 'vmm-output',
        message: `the VMM wrote a line of errors in the measured window: ${first}`,
        concerns: ['all'],
      },
    ]);
    const [finding] = judged({ count: 1234, lines: [first, 'and so on'] }, none);
    expect(finding?.message).toBe(`the VMM wrote 1,234 lines of errors in the measured window, the first: ${first}`);
  });

  it('doubts only what was counted where it wrote them in the traced window', () => {
    expect(judged(none, { count: 1, lines: [first] })).toMatchObject([
      {
        level: 'doubt',
        message: expect.stringContaining('traced window') as string,
        concerns: ['systemCalls', 'cost'],
      },
    ]);
  });
});
