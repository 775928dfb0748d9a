import { describe, expect, it } from 'vitest';
import {
  sampleConfiguration,
  sampleExperiment,
  sampleIperf3Spec,
  sampleSockperfSpec,
} from '../../test/sample/experiment.ts';
import type { TraceSpec } from '../record/experiment.ts';
import { blockTimeNs, runTimeNs, trialTimeNs } from './estimate.ts';

const idle = { settleNs: 0, warmupNs: 0 };

function both(seconds: number, trace: Partial<TraceSpec>) {
  return sampleConfiguration({
    workloads: [
      sampleIperf3Spec({ durationNs: seconds * 1e9, omitNs: 0 }),
      sampleSockperfSpec({ durationNs: seconds * 1e9 }),
    ],
    trace: { mode: 'off', timing: false, durationNs: 3e9, ...trace },
  });
}

describe('the time of a trial', () => {
  // Trials measured with QEMU 7.2 under emulation on two cores, from the first phase to the end of the last.
  it.each([
    ['30 s a workload, traced windows of 3 s', both(30, { mode: 'separate' }), 82.8],
    ['3 s a workload, traced windows of 1 s', both(3, { mode: 'separate', durationNs: 1e9 }), 17.6],
    ['3 s a workload, not traced', both(3, {}), 13.5],
  ])('is within a quarter of what was measured: %s', (_, configuration, seconds) => {
    const ratio = trialTimeNs(configuration, idle) / (seconds * 1e9);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.25);
  });

  it('has a second window for each workload only where the trace is separate', () => {
    const separate = trialTimeNs(both(5, { mode: 'separate' }), idle);
    expect(separate).toBeGreaterThan(trialTimeNs(both(5, { mode: 'inline' }), idle) + 2 * 3e9);
    expect(trialTimeNs(both(5, { mode: 'inline' }), idle)).toBe(trialTimeNs(both(5, {}), idle));
  });

  it('counts settling once and warming up for each workload', () => {
    const configuration = both(5, {});
    const plain = trialTimeNs(configuration, idle);
    expect(trialTimeNs(configuration, { ...idle, settleNs: 7e9 })).toBe(plain + 7e9);
    expect(trialTimeNs(configuration, { ...idle, warmupNs: 4e9 })).toBeGreaterThan(plain + 8e9);
  });

  it('has the boots of all its guests, two at a time, and no boot and no tracer where there is none', () => {
    const configuration = both(5, { mode: 'separate' });
    const of = (topology: 'vm-to-vm' | 'host-to-host', pairs: number) =>
      trialTimeNs({ ...configuration, topology, pairs }, idle);
    const single = trialTimeNs(configuration, idle);
    expect(of('vm-to-vm', 1)).toBe(single);
    expect(of('vm-to-vm', 4)).toBe(single + 3 * 1.5e9);
    expect(of('host-to-host', 64)).toBeLessThan(single - 1.5e9 - 2 * 3e9);
  });

  it('has all steps that a search may take', () => {
    const spec = sampleIperf3Spec({ protocol: 'udp', durationNs: 5e9, omitNs: 0 });
    const of = (workload: typeof spec) => trialTimeNs(sampleConfiguration({ workloads: [workload] }), idle);
    const steps = (of({ ...spec, search: { mostLostShare: 0 } }) - of(spec)) / (2e9 + 0.9e9 + 0.3e9);
    expect(steps).toBeCloseTo(16, 6);
  });

  it('adds up to blocks and runs', () => {
    const [short, long] = [both(5, {}), both(10, {})];
    const experiment = sampleExperiment({ configurations: [short, long], boots: 3 });
    expect(blockTimeNs(experiment)).toBe(trialTimeNs(short, idle) + trialTimeNs(long, idle));
    expect(runTimeNs(experiment)).toBe(3 * blockTimeNs(experiment));
  });
});
