import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleCpuTimes } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { steal } from './steal.ts';

function levels(share: number) {
  const measurement = sampleSockperfMeasurement();
  const { hostCpu } = measurement;
  if (hostCpu === null) throw new Error('the sample has a host CPU');
  const total = sampleCpuTimes(1_000_000_000, { userNs: 0.5, stealNs: share });
  return steal.judge(sampleContext({ ...measurement, hostCpu: { ...hostCpu, total } })).map((finding) => finding.level);
}

describe('steal', () => {
  it('is silent up to one per cent', () => {
    expect(levels(0)).toEqual([]);
    expect(levels(0.01)).toEqual([]);
  });

  it('doubts everything above', () => {
    expect(levels(0.011)).toEqual(['doubt']);
  });
});
