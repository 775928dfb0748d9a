import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'repetition';

/** A lab note that gives a figure once: one boot, whose error nobody knows. (Of a measured run every output says how many boots it has.) */
export const repetition: Audit = {
  name: audit,
  judge({ measurement, source, boots }: AuditContext): Finding[] {
    const { throughput, latency } = measurement;
    if (source.kind !== 'lab-note' || boots > 1 || (throughput === null && latency === null)) return [];
    const message =
      'the note gives this figure once, and nothing says how often it was repeated: one boot, of which no interval can be had';
    return [{ level: 'note', audit, message, concerns: ['all'] }];
  },
};
