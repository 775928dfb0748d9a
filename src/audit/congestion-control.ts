import type { Finding } from '../record/finding.ts';
import { dataFlow } from '../record/topology.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'congestion-control';

/** The experiment asked for a congestion control in the guest and its sender used another. */
export const congestionControl: Audit = {
  name: audit,
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { throughput, spec } = measurement;
    const asked = trial.configuration.guest.congestionControl;
    if (asked === null || throughput === null || spec.kind !== 'iperf3') return [];
    const { sender, receiver } = throughput.congestionControl;
    const used = dataFlow(trial.configuration.topology, spec.direction) === 'fromGuest' ? sender : receiver;
    if (used === null || used === asked) return [];
    const message = `the guest's TCP used ${used}, ${asked} was asked for`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput', 'cost'] }];
  },
};
