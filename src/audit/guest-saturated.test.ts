import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleIperf3Measurement } from '../../test/sample/iperf3.ts';
import { sampleCpuTimes } from '../../test/sample/probe-readings.ts';
import { guestSaturated } from './guest-saturated.ts';

function levels(busy: number) {
  const measurement = sampleIperf3Measurement();
  const { guestResources } = measurement;
  if (guestResources === null) throw new Error('the sample has guest resources');
  const cpu = sampleCpuTimes(1_000_000_000, { systemNs: busy });
  return guestSaturated
    .judge(sampleContext({ ...measurement, guestResources: { ...guestResources, cpu } }))
    .map((finding) => finding.level);
}

describe('guest-saturated', () => {
  it('is silent on a guest with a twentieth of its CPU to spare', () => {
    expect(levels(0.95)).toEqual([]);
  });

  it('notes a guest without', () => {
    expect(levels(0.951)).toEqual(['note']);
  });
});
