import {
  isBulk,
  type RecordedBulk,
  type RecordedTopology,
  type RecordedWorkload,
} from '../../record/recorded-experiment.ts';
import { clientSide, recordedDataFlow } from '../../record/topology.ts';

function paceText(spec: RecordedWorkload): string {
  return spec.kind === 'sockperf' && spec.mode === 'under-load' ? ' at a given rate' : '';
}

function betweenGuestAndHost(topology: 'vm-to-host' | 'host-to-vm', spec: RecordedWorkload): string {
  const isClient = clientSide[topology] === 'guest';
  const part = isClient ? 'VM as client' : 'VM as server';
  if (spec.kind === 'unknown') return `${part}, ${unknownWork}`;
  if (!isBulk(spec)) {
    const what = isClient ? 'sending small requests to a host' : 'receiving small requests from a host';
    return `${part} ${what}${paceText(spec)}`;
  }
  const flow = recordedDataFlow(topology, spec.direction);
  if (flow === null) return `${part}, bulk data ${directionText(spec)}`;
  return flow === 'fromGuest' ? `${part} sending bulk data to a host` : `${part} receiving bulk data from a host`;
}

function directionText({ direction }: RecordedBulk): string {
  if (direction === null) return '(direction not said)';
  if (direction === 'both') return 'both ways at once';
  return direction === 'upload' ? 'from client to server' : 'from server to client';
}

const unknownWork = 'work that is not said';

function whatText(spec: RecordedWorkload): string {
  if (spec.kind === 'unknown') return unknownWork;
  return isBulk(spec) ? `bulk data ${directionText(spec)}` : `small requests${paceText(spec)}`;
}

/** The lab note's words for what a workload does, seen from the VM where there is one VM. */
export function workloadSentence(topology: RecordedTopology | null, spec: RecordedWorkload): string {
  if (topology === 'vm-to-host' || topology === 'host-to-vm') return betweenGuestAndHost(topology, spec);
  const what = whatText(spec);
  if (topology === 'vm-to-vm') return `VM to VM, ${what}`;
  if (topology === 'host-to-host') return `Host to host without a VM, ${what}`;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}, between whom is not said`;
}
