import type { Finding } from '../record/finding.ts';
import type { Audit, AuditContext } from './audit.ts';
import { seconds } from './quantity.ts';

const audit = 'short-window';

/** TCP's growth to its rate and the guest's warm-up take up to a second or two of a bulk transfer; Firecracker's own tests leave out 5 s. */
const shortBelowNs = 5_000_000_000;

/** Figures from a few seconds hold the start-up: fine for a look, not for a comparison with longer ones. */
export const shortWindow: Audit = {
  name: audit,
  holdsFor: 'window',
  judge({ measurement }: AuditContext): Finding[] {
    const { throughput, latency, spec } = measurement;
    if (throughput === null && latency === null) return [];
    // What was asked for: sockperf's figures are always 0.45 s shorter.
    const durationNs = spec.durationNs ?? throughput?.durationNs ?? latency?.durationNs ?? null;
    if (durationNs === null || durationNs >= shortBelowNs) return [];
    const message = `${seconds(durationNs)} of traffic: start-up is part of the figure; compare only with runs as short`;
    return [{ level: 'note', audit, message, concerns: [throughput === null ? 'latency' : 'throughput'] }];
  },
};
