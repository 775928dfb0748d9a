import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import { transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'repetition';

type Counts = ReadonlyMap<string, number>;

/** A note may give thousands of figures: those of a boot are counted once. */
const known = new WeakMap<AuditContext['trial'], Counts>();

function workOf({ spec, throughput }: WholeMeasurement): string {
  return JSON.stringify([{ ...spec, name: '' }, throughput === null]);
}

function countsOf(trial: AuditContext['trial']): Counts {
  const before = known.get(trial);
  if (before !== undefined) return before;
  const counts = new Map<string, number>();
  for (const work of trial.measurements.map(workOf)) counts.set(work, (counts.get(work) ?? 0) + 1);
  known.set(trial, counts);
  return counts;
}

/** How many figures of the same boot are of the same work. */
function alike(measurement: WholeMeasurement, trial: AuditContext['trial']): number {
  const { spec } = measurement;
  // The two ways of one transfer stand beside each other.
  if (transferOf(spec)?.direction === 'both') return 1;
  return countsOf(trial).get(workOf(measurement)) ?? 0;
}

/** A lab note that gives a figure once: one boot, whose error nobody knows. (Of a measured run every output says how many boots it has.) */
export const repetition: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement, trial, source, boots }: AuditContext): Finding[] {
    const { throughput, latency } = measurement;
    if (source.kind !== 'lab-note' || boots > 1 || (throughput === null && latency === null)) return [];
    const count = alike(measurement, trial);
    const message =
      count > 1
        ? `the note gives ${String(count)} figures of this workload, and nothing says that each had its own boot: they count as one boot, which has no interval`
        : 'the note gives this figure once, and nothing says how often it was repeated: one boot has no interval';
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
