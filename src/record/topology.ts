import type { Transfer } from '../workload/workload.ts';
import type { Configuration, TopologyName, VmmSpec } from './experiment.ts';

/** An end of a flow. */
export type End = 'client' | 'server';

/** Which ends of a flow are VMs. */
export const vmEnds: Readonly<Record<TopologyName, readonly End[]>> = {
  'vm-to-host': ['client'],
  'host-to-vm': ['server'],
  'vm-to-vm': ['client', 'server'],
  'host-to-host': [],
};

type Ends = Pick<Configuration, 'topology' | 'pairs'>;

/** The end of each VM, in the order in which a world has its machines: pair by pair. */
export function machineEnds({ topology, pairs }: Ends): End[] {
  return Array.from({ length: pairs }, () => vmEnds[topology]).flat();
}

/** Of a trial's machines, or what is known of each, those at one end. null: a lab note that does not say the topology. */
export function machinesAt<T>(
  end: End,
  { topology, pairs }: { readonly topology: TopologyName | null; readonly pairs: number },
  machines: readonly T[],
): T[] {
  const ends = topology === null ? [] : machineEnds({ topology, pairs });
  return machines.filter((_, index) => ends[index] === end);
}

/** How many VMs a configuration has at once. */
export function machineCount({ topology, pairs }: Ends): number {
  return vmEnds[topology].length * pairs;
}

/** A configuration as the VMs at one end have it. */
export function atEnd(configuration: Configuration, end: End): Configuration {
  const { server, ...vmm } = configuration.vmm;
  return { ...configuration, vmm: end === 'server' ? (server ?? vmm) : vmm };
}

/** VMs that are alike. */
export interface AlikeVms {
  /** At which ends they are: one at least. */
  readonly ends: readonly End[];
  /** As they have it. */
  readonly configuration: Configuration;
}

/** One where both ends have the same VMM, two where they differ, none where there is no VM. */
export function alikeVms(configuration: Configuration): AlikeVms[] {
  const ends = vmEnds[configuration.topology];
  const each = configuration.vmm.server === undefined ? [ends] : ends.map((end) => [end]);
  return each.flatMap((alike) => {
    const [end] = alike;
    return end === undefined ? [] : [{ ends: alike, configuration: atEnd(configuration, end) }];
  });
}

/** How many virtual CPUs all VMs of a configuration have together. */
export function virtualCpus({ vmm, ...ends }: Ends & { readonly vmm: Pick<VmmSpec, 'vcpus' | 'server'> }): number {
  const of = { client: vmm.vcpus, server: vmm.server?.vcpus ?? vmm.vcpus };
  return machineEnds(ends).reduce((sum, end) => sum + of[end], 0);
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
