import type { Finding } from '../record/finding.ts';
import type { GatheredMeasurement } from '../record/measurement.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'repetition';

/** How many figures of the same boot are of the same work. */
function alike({ spec, throughput }: GatheredMeasurement, { measurements }: AuditContext['trial']): number {
  const kind = (each: Pick<GatheredMeasurement, 'spec' | 'throughput'>): string =>
    JSON.stringify([{ ...each.spec, name: '' }, each.throughput === null]);
  const own = kind({ spec, throughput });
  // The two ways of one transfer stand beside each other.
  if (spec.kind !== 'sockperf' && spec.direction === 'both') return 1;
  return measurements.filter((each) => kind(each) === own).length;
}

/** A lab note that gives a figure once: one boot, whose error nobody knows. (Of a measured run every output says how many boots it has.) */
export const repetition: Audit = {
  name: audit,
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
