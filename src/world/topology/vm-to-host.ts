import type { NicSpec } from '../../record/experiment.ts';
import type { Topology } from './topology.ts';

/** Addresses of the lab note; locally administered MAC addresses. */
const hostAddress = '192.168.100.1';
const guestAddress = '192.168.100.2';
const hostMac = '02:74:62:00:00:01';
const guestMac = '02:74:62:00:00:02';

function tapWords({ queues }: NicSpec, owner: number | null): string[] {
  return [...(queues > 1 ? ['multi_queue'] : []), ...(owner === null ? [] : ['user', String(owner)])];
}

/** A tap in a namespace that plays the host: the VM is the client, the namespace the server. */
export const vmToHost: Topology = {
  plan: (nic, tapOwner) => ({
    guest: { address: `${guestAddress}/24`, mac: guestMac, tap: 'tap0' },
    namespace: {
      address: hostAddress,
      batch: [
        ['tuntap add dev tap0 mode tap vnet_hdr', ...tapWords(nic, tapOwner)].join(' '),
        // No IPv6 neighbour discovery on a path where packets are counted.
        `link set dev tap0 address ${hostMac} addrgenmode none mtu ${String(nic.mtu)}`,
        `addr add ${hostAddress}/24 dev tap0`,
        'link set dev tap0 up',
      ],
    },
    client: 'guest',
    server: 'namespace',
  }),
};
