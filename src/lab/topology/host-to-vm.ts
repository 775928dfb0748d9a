import type { Topology } from './topology.ts';
import { vmToHost } from './vm-to-host.ts';

/** The same tap and addresses, with the parts changed: the namespace is the client, the VM the server. */
export const hostToVm: Topology = {
  plan: (nic) => ({ ...vmToHost.plan(nic), client: 'namespace', server: 'guest' }),
};
