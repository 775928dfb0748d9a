import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { cpuWait } from './cpu-wait.ts';

function levels(waitNs: number) {
  const measurement = sampleSockperfMeasurement();
  const threads = measurement.threads.map((thread) => ({ ...thread, runNs: 9_000, waitNs }));
  return cpuWait.judge(sampleContext({ ...measurement, threads })).map((finding) => finding.level);
}

describe('cpu-wait', () => {
  it('is silent where threads waited for up to a tenth of their time', () => {
    expect(levels(1_000)).toEqual([]);
  });

  it('notes threads that queued for a CPU', () => {
    expect(levels(1_010)).toEqual(['note']);
  });
});
