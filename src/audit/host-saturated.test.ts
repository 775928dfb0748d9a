import { describe, expect, it } from 'vitest';
import { sampleContext } from '../../test/sample/audit-context.ts';
import { sampleCpuTimes } from '../../test/sample/probe-readings.ts';
import { sampleSockperfMeasurement } from '../../test/sample/sockperf.ts';
import { hostSaturated } from './host-saturated.ts';

function levels(oursShare: number, foreignShare: number, softirq = 0) {
  const measurement = sampleSockperfMeasurement();
  const capacity = 80_000_000_000;
  const total = sampleCpuTimes(capacity, { userNs: oursShare + foreignShare, softirqNs: softirq });
  const ours = [{ name: 'qemu', part: 'vmm' as const, runNs: capacity * oursShare }];
  const hostCpu = { total, cpus: [], ours };
  return hostSaturated.judge(sampleContext({ ...measurement, hostCpu })).map((finding) => finding.level);
}

describe('host-saturated', () => {
  it('is silent on a host with room and little besides', () => {
    expect(levels(0.4, 0.099)).toEqual([]);
  });

  it('doubts foreign work of a tenth of the CPUs', () => {
    expect(levels(0.4, 0.101)).toEqual(['doubt']);
  });

  it('doubts less of it on a host that is full', () => {
    expect(levels(0.93, 0.029)).toEqual(['note']);
    expect(levels(0.93, 0.031)).toEqual(['doubt']);
  });

  it('notes a host that is full of the experiment itself', () => {
    expect(levels(0.96, 0)).toEqual(['note']);
    expect(levels(0.95, 0)).toEqual([]);
  });

  it("doesn't take everything for foreign where it is not known what was the experiment's", () => {
    const hostCpu = { total: sampleCpuTimes(1_000_000_000, { userNs: 0.5 }), cpus: [], ours: [] };
    expect(hostSaturated.judge(sampleContext({ ...sampleSockperfMeasurement(), hostCpu }))).toEqual([]);
  });

  it('takes soft interrupts for the measured packets', () => {
    expect(levels(0.4, 0.05, 0.3)).toEqual([]);
  });
});
