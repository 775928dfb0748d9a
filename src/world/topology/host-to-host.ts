import type { NicSpec } from '../../record/experiment.ts';
import { hosts, type Pair, pairsOf, setLine } from './pair.ts';
import type { NamespacePlan, Topology, WorldPlan, WorldSpec } from './world-plan.ts';

/** Each end has a namespace of its own, and so a device of this name. */
const device = 'veth0';

/** As `ethtool -K` names what the experiment switches off. */
function offFeatures({ offloads: { csum, tso, gso } }: NicSpec): string[] {
  return [...(csum ? [] : ['tx', 'rx']), ...(tso ? [] : ['tso']), ...(gso ? [] : ['gso'])];
}

function namespaceOf(pair: Pair, end: 'client' | 'server', { nic, labName }: WorldSpec): NamespacePlan {
  const name = `${end}${pair.number}`;
  // The server has the address that the namespace has beside a VM, the client that of the VM.
  const host = end === 'client' ? hosts.client : hosts.host;
  const features = offFeatures(nic);
  return {
    name,
    netns: `${labName}-${name}`,
    batch: [
      setLine(device, pair.mac(host), nic),
      `addr add ${pair.withPrefix(host)} dev ${device}`,
      `link set dev ${device} up`,
    ],
    offloadsOff: features.length === 0 ? [] : [{ device, features }],
  };
}

/** Two namespaces and a veth pair between them, no VM: what the host's own stack gives. */
function plan(spec: WorldSpec): WorldPlan {
  const pairs = pairsOf(spec.pairs);
  const ends = ['client', 'server'] as const;
  return {
    namespaces: pairs.flatMap((pair) => ends.map((end) => namespaceOf(pair, end, spec))),
    joins: pairs.map((pair) => {
      const [client, server] = ends.map((end) => `name ${device} netns ${spec.labName}-${end}${pair.number}`);
      return `link add ${client} type veth peer ${server}`;
    }),
    machines: [],
    flows: pairs.map((pair) => ({
      name: pair.flow,
      client: `client${pair.number}`,
      server: `server${pair.number}`,
      address: pair.address(hosts.host),
    })),
    // The server's end, as the tap is the host's: what it receives is the client's.
    links: pairs.map((pair) => ({ device, namespace: `server${pair.number}`, machine: null, flow: pair.flow })),
  };
}

export const hostToHost: Topology = { linkKinds: ['veth'], plan };
