import { guestsAndHost } from './vm-to-host.ts';
import type { Topology } from './world-plan.ts';

/** The same taps and addresses, with the parts changed: the namespace is the client, the VM the server. */
export const hostToVm: Topology = {
  linkKinds: [],
  plan: (spec) => guestsAndHost(spec, 'server'),
};
