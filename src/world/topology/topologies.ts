import type { TopologyName } from '../../record/experiment.ts';
import { hostToVm } from './host-to-vm.ts';
import type { Topology } from './topology.ts';
import { vmToHost } from './vm-to-host.ts';

export const topologies: Readonly<Record<TopologyName, Topology>> = {
  'vm-to-host': vmToHost,
  'host-to-vm': hostToVm,
};
