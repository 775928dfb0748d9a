import { inOneNamespace, namespace } from './one-namespace.ts';
import { firstReceiverPort, hosts, pairsOf, setLine, tapLine } from './pair.ts';
import type { MachinePlan, Topology, WorldPlan, WorldSpec } from './world-plan.ts';

/** A tap for each VM in a namespace that plays the host. @param guestEnd which end of the flow the VM is */
export function guestsAndHost(spec: WorldSpec, guestEnd: 'client' | 'server'): WorldPlan {
  const { nic, pairs, tapOwner } = spec;
  const all = pairsOf(pairs).map((pair, index) => {
    const tap = `tap${String(index)}`;
    const machine: MachinePlan = {
      name: `vm${pair.number}`,
      end: guestEnd,
      namespace,
      tap,
      mac: pair.mac(hosts.client),
      address: pair.withPrefix(hosts.client),
      receiver: { address: pair.address(hosts.host), port: firstReceiverPort - index },
    };
    const isClient = guestEnd === 'client';
    return {
      batch: [
        tapLine(tap, nic, tapOwner(index)),
        setLine(tap, pair.mac(hosts.host), nic),
        `addr add ${pair.withPrefix(hosts.host)} dev ${tap}`,
        `link set dev ${tap} up`,
      ],
      machines: [machine],
      flow: {
        name: pair.flow,
        client: isClient ? machine.name : namespace,
        server: isClient ? namespace : machine.name,
        address: pair.address(isClient ? hosts.host : hosts.client),
      },
      links: [{ device: tap, namespace, machine: machine.name, flow: pair.flow }],
    };
  });
  return inOneNamespace(spec, all);
}

/** The VM is the client, the namespace the server. */
export const vmToHost: Topology = {
  linkKinds: [],
  plan: (spec) => guestsAndHost(spec, 'client'),
};
