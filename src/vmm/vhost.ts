import type { Configuration } from '../record/experiment.ts';
import type { HostNeed } from './driver.ts';

/** What every VMM needs that leaves the packets to the kernel. */
export function vhostNeeds({ nic }: Configuration): HostNeed[] {
  return nic.vhost
    ? [{ kind: 'device', name: '/dev/vhost-net', field: 'nic.vhost', mend: 'modprobe vhost_net, or nic.vhost: off' }]
    : [];
}

/** Workers of vhost carry the process id of the VMM: `vhost-1234`. */
export function isVhostThread(name: string): boolean {
  return /^vhost-\d+$/.test(name);
}
