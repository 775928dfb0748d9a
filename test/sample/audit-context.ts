import type { AuditContext } from '../../src/audit/audit.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import { sampleHostFacts } from './host-facts.ts';
import { sampleTrial } from './trial.ts';

/** A measurement in the midst of an otherwise healthy trial. */
export function sampleContext(measurement: WholeMeasurement, changes: Partial<AuditContext> = {}): AuditContext {
  return {
    measurement,
    trial: sampleTrial({ measurements: [measurement] }),
    source: { kind: 'measured' },
    host: sampleHostFacts(),
    boots: 4,
    observerEffect: null,
    ...changes,
  };
}
