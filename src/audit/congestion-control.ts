import type { Finding } from '../record/finding.ts';
import { recordedDataFlow } from '../record/topology.ts';
import { transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';

const audit = 'congestion-control';

/** The experiment asked for a congestion control in the guest and its sender used another. */
export const congestionControl: Audit = {
  name: audit,
  holdsFor: 'flow',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { throughput, spec } = measurement;
    const asked = trial.configuration.guest?.congestionControl ?? null;
    const transfer = transferOf(spec);
    if (asked === null || throughput === null || transfer === null) return [];
    const { sender, receiver } = throughput.congestionControl;
    const flow = recordedDataFlow(trial.configuration.topology, transfer.direction);
    if (flow === null) return [];
    const used = flow === 'fromGuest' ? sender : receiver;
    if (used === null || used === asked) return [];
    const message = `the guest's TCP used ${used}; the experiment asked for ${asked}`;
    return [{ level: 'doubt', audit, message, concerns: ['throughput', 'cost'] }];
  },
};
