import { inOneNamespace, namespace } from './one-namespace.ts';
import { firstReceiverPort, hosts, type Pair, pairsOf, setLine, tapLine } from './pair.ts';
import type { MachinePlan, Topology, WorldPlan, WorldSpec } from './world-plan.ts';

function machinesOf(pair: Pair, index: number): [client: MachinePlan, server: MachinePlan] {
  const machine = (end: 'client' | 'server', offset: 0 | 1): MachinePlan => ({
    name: `vm${String(2 * index + offset + 1)}`,
    end,
    namespace,
    tap: `tap${String(2 * index + offset)}`,
    mac: pair.mac(hosts[end]),
    address: pair.withPrefix(hosts[end]),
    receiver: { address: pair.address(hosts.host), port: firstReceiverPort - 2 * index - offset },
  });
  return [machine('client', 0), machine('server', 1)];
}

/**
 * Two guests on a bridge. Each pair has a bridge of its own, so that what is flooded (ARP) wakes up no other pair. Nothing is learned about groups: there
 * is no multicast traffic.
 */
function plan(spec: WorldSpec): WorldPlan {
  const { nic, pairs, tapOwner } = spec;
  const all = pairsOf(pairs).map((pair, index) => {
    const bridge = `br${String(index)}`;
    const machines = machinesOf(pair, index);
    const ports = machines.flatMap(({ tap, end }, offset) => [
      tapLine(tap, nic, tapOwner(2 * index + offset)),
      setLine(tap, pair.portMac(hosts[end]), nic),
      `link set dev ${tap} master ${bridge}`,
      `link set dev ${tap} up`,
    ]);
    return {
      batch: [
        `link add ${bridge} type bridge mcast_snooping 0`,
        ...ports,
        setLine(bridge, pair.mac(hosts.host), nic),
        `addr add ${pair.withPrefix(hosts.host)} dev ${bridge}`,
        `link set dev ${bridge} up`,
      ],
      machines,
      flow: {
        name: pair.flow,
        client: machines[0].name,
        server: machines[1].name,
        address: pair.address(hosts.server),
      },
      links: machines.map(({ tap, name }) => ({ device: tap, namespace, machine: name, flow: pair.flow })),
    };
  });
  return inOneNamespace(spec, all);
}

export const vmToVm: Topology = { linkKinds: ['bridge'], plan };
