import type { Topology } from './topology.ts';
import { vmToHost } from './vm-to-host.ts';

/** The same tap and addresses, with the parts changed: the namespace is the client, the VM the server. */
export const hostToVm: Topology = {
  plan: (nic, tapOwner) => ({ ...vmToHost.plan(nic, tapOwner), client: 'namespace', server: 'guest' }),
};
