import type { Transfer } from '../workload/workload.ts';
import type { Configuration, TopologyName } from './experiment.ts';

/** VMs of one pair of client and server. */
const machinesPerPair: Readonly<Record<TopologyName, 0 | 1 | 2>> = {
  'vm-to-host': 1,
  'host-to-vm': 1,
  'vm-to-vm': 2,
  'host-to-host': 0,
};

type Ends = Pick<Configuration, 'topology' | 'pairs'>;

/** How many VMs a configuration has at once. */
export function machineCount({ topology, pairs }: Ends): number {
  return machinesPerPair[topology] * pairs;
}

/** How many virtual CPUs all VMs of a configuration have together. */
export function virtualCpus(configuration: Ends & { readonly vmm: { readonly vcpus: number } }): number {
  return machineCount(configuration) * configuration.vmm.vcpus;
}

/** Whether a configuration boots anything. */
export function hasVm(configuration: Ends): boolean {
  return machineCount(configuration) > 0;
}

/** A topology in which each flow is between a guest and the host. */
export type GuestAndHost = Extract<TopologyName, 'vm-to-host' | 'host-to-vm'>;

export function isGuestAndHost(topology: TopologyName | null): topology is GuestAndHost {
  return topology === 'vm-to-host' || topology === 'host-to-vm';
}

/** Which end runs the client: the one that asks, and that sends bulk data unless it is told to receive. */
export const clientSide: Readonly<Record<GuestAndHost, 'guest' | 'host'>> = {
  'vm-to-host': 'guest',
  'host-to-vm': 'host',
};

/** Which way bulk data crosses the tap. */
export function dataFlow(topology: GuestAndHost, direction: 'upload' | 'download'): 'fromGuest' | 'toGuest' {
  return (clientSide[topology] === 'guest') === (direction === 'upload') ? 'fromGuest' : 'toGuest';
}

/** The same of a record; null where it has no one way: between two guests, without a guest, both ways at once, or not said. */
export function recordedDataFlow(
  topology: TopologyName | null,
  direction: Transfer['direction'],
): 'fromGuest' | 'toGuest' | null {
  if (!isGuestAndHost(topology)) return null;
  return direction === 'upload' || direction === 'download' ? dataFlow(topology, direction) : null;
}
