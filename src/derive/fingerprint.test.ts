import { describe, expect, it } from 'vitest';
import { sampleCall } from '../../test/sample/probe-readings.ts';
import { sampleRunHeader } from '../../test/sample/run.ts';
import { sampleTrial } from '../../test/sample/trial.ts';
import type { SystemCall } from '../record/probe-readings.ts';
import type { Run } from '../record/run.ts';
import { judgedRun } from './derive.ts';
import { type Fingerprint, fingerprintsOf } from './fingerprint.ts';

/** One boot whose VMM thread made these calls in each of its windows. */
function runWith(calls: readonly SystemCall[], work: { messages: number | null; bytes: number | null }): Run {
  const trial = sampleTrial();
  const measurements = trial.measurements.map((one) => ({
    ...one,
    link: null,
    systemCalls:
      one.systemCalls === null
        ? null
        : { ...one.systemCalls, ...work, threads: [{ tid: 1, name: 'vmm', role: 'vmm' as const, calls: [...calls] }] },
  }));
  return judgedRun({ header: sampleRunHeader(), trials: [{ ...trial, measurements }], ends: [] });
}

function ofSockperf(run: Pick<Run, 'experiment' | 'trials'>): Fingerprint | undefined {
  return fingerprintsOf(run).find(({ workload }) => workload.kind === 'sockperf');
}

describe('the fingerprint of a VMM', () => {
  it('is its calls a round trip, whole where they are whole but for the edges of the window', () => {
    const calls = [sampleCall('read', 3_010), sampleCall('writev', 999), sampleCall('ppoll', 2_300, { kind: 'wait' })];
    const sockperf = ofSockperf(runWith(calls, { messages: 1_000, bytes: null }));
    expect(sockperf?.unit).toBe('round trip');
    expect(sockperf?.calls.map(({ call, whole }) => [call, whole])).toEqual([
      ['read', 3],
      ['ppoll', null],
      ['writev', 1],
    ]);
  });

  it('leaves out calls rarer than one in twenty', () => {
    const calls = [sampleCall('writev', 1_000), sampleCall('timerfd_settime', 49)];
    const sockperf = ofSockperf(runWith(calls, { messages: 1_000, bytes: null }));
    expect(sockperf?.calls.map(({ call }) => call)).toEqual(['writev']);
  });

  it('is counted by 64 KiB where bytes were moved', () => {
    const [iperf3] = fingerprintsOf(
      runWith([sampleCall('writev', 2_000_000)], { messages: null, bytes: 65_536_000_000 }),
    );
    expect(iperf3).toMatchObject({ unit: '64 KiB', calls: [{ call: 'writev', perUnit: 2, whole: 2 }] });
  });

  it('adds up the boots of a configuration before it divides', () => {
    const one = runWith([sampleCall('writev', 1_000)], { messages: 1_000, bytes: null });
    const two = runWith([sampleCall('writev', 3_000)], { messages: 1_000, bytes: null });
    const sockperf = ofSockperf({ experiment: one.experiment, trials: [...one.trials, ...two.trials] });
    expect(sockperf?.calls).toMatchObject([{ call: 'writev', perUnit: 2 }]);
  });

  it('is none of what /proc counts, which are kinds of calls', () => {
    const run = runWith([sampleCall('read', 3_000)], { messages: 1_000, bytes: null });
    const trials = run.trials.map((trial) => ({
      ...trial,
      measurements: trial.measurements.map((one) => ({
        ...one,
        systemCalls: one.systemCalls === null ? null : { ...one.systemCalls, source: 'procfs-io' as const },
      })),
    }));
    expect(fingerprintsOf({ experiment: run.experiment, trials })).toEqual([]);
  });

  it('is none where no work was counted', () => {
    expect(fingerprintsOf(runWith([sampleCall('writev', 5)], { messages: null, bytes: null }))).toEqual([]);
  });
});
