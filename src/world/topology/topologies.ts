import type { TopologyName } from '../../record/experiment.ts';
import { hostToHost } from './host-to-host.ts';
import { hostToVm } from './host-to-vm.ts';
import { vmToHost } from './vm-to-host.ts';
import { vmToVm } from './vm-to-vm.ts';
import type { Topology } from './world-plan.ts';

export const topologies: Readonly<Record<TopologyName, Topology>> = {
  'vm-to-host': vmToHost,
  'host-to-vm': hostToVm,
  'vm-to-vm': vmToVm,
  'host-to-host': hostToHost,
};
