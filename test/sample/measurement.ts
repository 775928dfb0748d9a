import type { CommandRecord, WholeMeasurement } from '../../src/record/measurement.ts';
import type { Window } from '../../src/record/window.ts';
import type { MeasuredLatency, MeasuredThroughput } from '../../src/workload/measured-figures.ts';

/** A measurement as a trial gathers it: what only a lab note leaves open is there. */
export interface SampleMeasurement extends WholeMeasurement {
  window: Window;
  startedAt: string;
  commands: { server: CommandRecord; client: CommandRecord };
  throughput: MeasuredThroughput | null;
  latency: MeasuredLatency | null;
  consoleBytes: number;
}

/** What the samples do not have, and why. */
export const notRead = {
  parts: { kvmExits: null, vmmCounters: null, noted: null },
  reasons: { kvmExits: 'tracepoints of KVM are not there', vmmCounters: 'this VMM has no counters' },
};
