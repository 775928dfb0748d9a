import type { Experiment } from '../../src/record/experiment.ts';
import type { HostFacts } from '../../src/record/host.ts';
import type { RunEnd, RunHeader } from '../../src/record/run.ts';
import { schemaVersion } from '../../src/record/run.ts';
import { sampleExperiment } from './experiment.ts';
import { sampleHostFacts } from './host-facts.ts';

const secondNs = 1_000_000_000;

/** A header as tapbench writes it before it measures: what only a lab note leaves open is there. */
export interface SampleHeader extends RunHeader {
  source: { kind: 'measured' };
  experiment: Experiment;
  experimentSource: string;
  host: HostFacts;
}

/** The header of a run of one boot, whose only trial is `sampleTrial()`. */
export function sampleRunHeader(changes: Partial<SampleHeader> = {}): SampleHeader {
  return {
    schemaVersion,
    runId: '20250101-120000-sample',
    source: { kind: 'measured' },
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
