import type { TopologyName } from '../../record/experiment.ts';
import type { RecordedWorkload } from '../../record/recorded-experiment.ts';
import { clientSide, isGuestAndHost } from '../../record/topology.ts';
import { deedOf } from '../../workload/questions.ts';

/** The lab note's words for what a workload does, seen from the VM where there is one VM. */
export function workloadSentence(topology: TopologyName | null, spec: RecordedWorkload): string {
  const { ofClient, ofServer, alone } = deedOf(spec);
  if (isGuestAndHost(topology)) {
    return clientSide[topology] === 'guest' ? `VM as client${ofClient}` : `VM as server${ofServer}`;
  }
  if (topology === 'vm-to-vm') return `VM to VM, ${alone}`;
  if (topology === 'host-to-host') return `Host to host without a VM, ${alone}`;
  return `${alone.charAt(0).toUpperCase()}${alone.slice(1)}, between whom is not said`;
}
