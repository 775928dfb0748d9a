import type { TopologyName, WorkloadSpec } from '../record/experiment.ts';
import { clientSide, dataFlow } from '../record/topology.ts';

/** The lab note's words for what a workload does, seen from the VM. */
export function workloadSentence(topology: TopologyName, spec: WorkloadSpec): string {
  const isClient = clientSide[topology] === 'guest';
  const part = isClient ? 'VM as client' : 'VM as server';
  switch (spec.kind) {
    case 'iperf3':
      return dataFlow(topology, spec.direction) === 'fromGuest'
        ? `${part} sending bulk data to a host`
        : `${part} receiving bulk data from a host`;
    case 'sockperf': {
      const pace = spec.mode === 'under-load' ? ' at a given rate' : '';
      return isClient
        ? `${part} sending small requests to a host${pace}`
        : `${part} receiving small requests from a host${pace}`;
    }
  }
}
