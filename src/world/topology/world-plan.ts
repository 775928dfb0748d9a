import type { NicSpec } from '../../record/experiment.ts';
import type { End } from '../../record/topology.ts';

/** Name of a machine (`vm1`), or of a namespace (`host`, `client1`): unique in its world. */
export type EndpointName = string;

/** A device whose offloads are switched off. */
export interface OffloadsOff {
  readonly device: string;
  /** As `ethtool -K` names them. */
  readonly features: readonly string[];
}

/** A network namespace of the host. */
export interface NamespacePlan {
  readonly name: EndpointName;
  /** What `ip netns` calls it: unique on this host. */
  readonly netns: string;
  /** Lines for `ip -batch` inside of it that make everything but the loopback device. All namespaces, and what joins them, are there by then. */
  readonly batch: readonly string[];
  /** What is switched off in it after that. */
  readonly offloadsOff: readonly OffloadsOff[];
}

/** One VM. */
export interface MachinePlan {
  readonly name: EndpointName;
  /** Which end of its flow it is. All come in the order of `machineEnds`. */
  readonly end: End;
  /** The namespace that its VMM runs in and that holds its tap. */
  readonly namespace: EndpointName;
  readonly tap: string;
  readonly mac: string;
  /** With prefix length. */
  readonly address: string;
  /** Where its namespace takes in what is fetched from it; no two machines share one. */
  readonly receiver: { readonly address: string; readonly port: number };
}

/** One client and its server. */
export interface FlowPlan {
  readonly name: string;
  readonly client: EndpointName;
  readonly server: EndpointName;
  /** Of the server. */
  readonly address: string;
}

/** A device whose counters are read. */
export interface LinkPlan {
  readonly device: string;
  readonly namespace: EndpointName;
  /** Whose tap it is; null: no machine's. */
  readonly machine: EndpointName | null;
  /** The flow that crosses it, and no other does. The first link of a flow shows when its traffic ends. */
  readonly flow: string;
}

/** All that one trial builds. */
export interface WorldPlan {
  readonly namespaces: readonly NamespacePlan[];
  /** Lines for `ip -batch`, outside of them, that make the links between them, with both ends where they belong. */
  readonly joins: readonly string[];
  readonly machines: readonly MachinePlan[];
  readonly flows: readonly FlowPlan[];
  readonly links: readonly LinkPlan[];
}

export interface WorldSpec {
  readonly nic: NicSpec;
  /** How often the pair of client and server is there: 1 to 64. */
  readonly pairs: number;
  /** What the names of its namespaces begin with: unique on this host. */
  readonly labName: string;
  /** The user that may attach to the tap of a machine, by the machine's place in the plan; null: root only. */
  readonly tapOwner: (machine: number) => number | null;
}

/** Which endpoints there are and how they are linked. Pure: the lab makes what it says. */
export interface Topology {
  /** Kinds of links (`ip link add type KIND`) that the kernel must have. */
  readonly linkKinds: readonly string[];
  plan(spec: WorldSpec): WorldPlan;
}
