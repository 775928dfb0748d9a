import type { Finding } from '../record/finding.ts';
import { recordedDataFlow } from '../record/topology.ts';
import { transferOf } from '../workload/questions.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount } from './quantity.ts';

const audit = 'segmentation-offload';

/** A window with too little data has no typical frame. */
const leastFrames = 1_000;

/**
 * A TCP bulk transfer whose frames are no larger than one segment ran without segmentation offload: it costs a call a segment, and must not be compared with
 * a path that has it (the usual unfairness between VMMs).
 */
export const segmentationOffload: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { throughput, link, spec } = measurement;
    const transfer = transferOf(spec);
    if (throughput?.protocol !== 'tcp' || link === null || transfer === null) return [];
    const flow = recordedDataFlow(trial.configuration.topology, transfer.direction);
    const mtu = trial.configuration.nic?.mtu ?? null;
    if (flow === null || mtu === null) return [];
    const segmentBytes = mtu + 14;
    // Small writes need no segmentation.
    if (transfer.bufferBytes !== null && transfer.bufferBytes < segmentBytes) return [];
    const { packets, bytes } = link[flow];
    if (packets < leastFrames || bytes / packets > segmentBytes) return [];
    const message = `frames of ${amount(bytes / packets)} bytes on average: no segmentation offload on this path`;
    return [{ level: 'note', audit, message, concerns: ['throughput', 'systemCalls', 'cost'] }];
  },
};
