import type { FlowPlan, LinkPlan, MachinePlan, OffloadsOff, WorldPlan, WorldSpec } from './world-plan.ts';

/** The one namespace, which plays the host. */
export const namespace = 'host';

/** What one pair adds to it. */
export interface PairInNamespace {
  readonly batch: readonly string[];
  readonly machines: readonly MachinePlan[];
  readonly flow: FlowPlan;
  readonly links: readonly LinkPlan[];
}

/** Segments are cut before the tap sees them, at the host's end. (The guest's end does the same for itself.) */
function offloadsOff({ machines }: PairInNamespace, { nic }: WorldSpec): OffloadsOff[] {
  return nic.offloads.gso ? [] : machines.map(({ tap }) => ({ device: tap, features: ['gso'] }));
}

/** A world of VMs whose taps are all in one namespace. */
export function inOneNamespace(spec: WorldSpec, pairs: readonly PairInNamespace[]): WorldPlan {
  return {
    namespaces: [
      {
        name: namespace,
        netns: spec.labName,
        batch: pairs.flatMap(({ batch }) => batch),
        offloadsOff: pairs.flatMap((pair) => offloadsOff(pair, spec)),
      },
    ],
    joins: [],
    machines: pairs.flatMap(({ machines }) => machines),
    flows: pairs.map(({ flow }) => flow),
    links: pairs.flatMap(({ links }) => links),
  };
}
