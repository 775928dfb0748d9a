import type { RunEnd, RunHeader } from '../../src/record/run.ts';
import { schemaVersion } from '../../src/record/run.ts';
import { sampleExperiment } from './experiment.ts';
import { sampleHostFacts } from './host-facts.ts';

const secondNs = 1_000_000_000;

/** The header of a run of one boot, whose only trial is `sampleTrial()`. */
export function sampleRunHeader(changes: Partial<RunHeader> = {}): RunHeader {
  return {
    schemaVersion,
    runId: '20250101-120000-sample',
    startedAt: '2025-01-01T12:00:00.000Z',
    command: ['tapbench', 'run', 'vm-to-host'],
    experiment: sampleExperiment(),
    experimentSource: 'name: vm-to-host\n',
    plan: [{ trialId: 'qemu-boot-1', configuration: 'qemu', block: 1, boot: 1 }],
    host: sampleHostFacts(),
    ...changes,
  };
}

export function sampleRunEnd(changes: Partial<RunEnd> = {}): RunEnd {
  return {
    schemaVersion,
    status: 'done',
    stoppedBy: null,
    endedAt: '2025-01-01T12:01:31.000Z',
    overhead: {
      wallNs: 91 * secondNs,
      measuredNs: 70.7 * secondNs,
      toolCpuInWindowsNs: 120_000_000,
      phases: [{ name: 'plan', startNs: 997 * secondNs, endNs: 997.2 * secondNs, isWindow: false }],
    },
    ...changes,
  };
}
