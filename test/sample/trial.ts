import { gatheredOf } from '../../src/record/gathered-of.ts';
import { schemaVersion } from '../../src/record/run.ts';
import type { GatheredTrial, WholeTrial } from '../../src/record/trial.ts';
import { sampleConfiguration } from './experiment.ts';
import { sampleGuestFacts, samplePathFacts, sampleVmmFacts } from './guest-facts.ts';
import { sampleIperf3Measurement } from './iperf3.ts';
import { sampleSockperfMeasurement } from './sockperf.ts';

const secondNs = 1_000_000_000;

/** A healthy boot with the lab note's two workloads. */
export function sampleTrial(changes: Partial<WholeTrial> = {}): WholeTrial {
  const measurements = [sampleIperf3Measurement(), sampleSockperfMeasurement()];
  return {
    schemaVersion,
    trialId: 'qemu-boot-1',
    runId: '20250101-120000-sample',
    configuration: sampleConfiguration(),
    block: 1,
    boot: 1,
    attempt: 1,
    repeats: null,
    startedAt: '2025-01-01T12:00:00.000Z',
    endedAt: '2025-01-01T12:01:30.000Z',
    vmm: sampleVmmFacts(),
    guest: sampleGuestFacts(),
    path: samplePathFacts(),
    preparation: { settings: [], pins: [] },
    failure: null,
    phases: [
      { name: 'lab', startNs: 998 * secondNs, endNs: 998.1 * secondNs, isWindow: false },
      { name: 'boot', startNs: 998.1 * secondNs, endNs: 999.2 * secondNs, isWindow: false },
      ...measurements.map(({ workload, window }) => ({ name: `window ${workload}`, ...window, isWindow: true })),
    ],
    status: 'ok',
    measurements,
    toolCpuInWindowsNs: 120_000_000,
    toolResidentBytes: 90 * 1024 ** 2,
    notSaid: {},
    ...changes,
  };
}

/** The same as it is stored. */
export function sampleGatheredTrial(changes: Partial<WholeTrial> = {}): GatheredTrial {
  return gatheredOf(sampleTrial(changes));
}

/** A boot that ended in a panic of the guest, before any workload. */
export function sampleFailedTrial(changes: Partial<WholeTrial> = {}): WholeTrial {
  return sampleTrial({
    status: 'failed',
    guest: null,
    measurements: [],
    failure: {
      code: 'GUEST_FAILED',
      message: 'the guest panicked after 1.2 s',
      hint: 'Read the last console lines.',
      workload: null,
      consoleTail: ['Kernel panic - not syncing: VFS: Unable to mount root fs'],
      vmmStderrTail: [],
    },
    ...changes,
  });
}
