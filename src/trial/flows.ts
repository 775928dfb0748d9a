import type { Namespace } from '../lab/namespace.ts';
import type { LinkPlace } from '../probe/link.ts';
import { TapbenchError } from '../record/error.ts';
import type { Machine } from '../world/boot.ts';
import type { EndpointName, FlowPlan } from '../world/topology/world-plan.ts';
import { namespaceOf, type World } from '../world/world.ts';

/** Where a client or a server runs. */
export type FlowEnd =
  | { readonly kind: 'guest'; readonly machine: Machine }
  | { readonly kind: 'namespace'; readonly namespace: Namespace };

/** A client and its server, as they were made. */
export interface Flow {
  readonly plan: FlowPlan;
  readonly client: FlowEnd;
  readonly server: FlowEnd;
  /** The link that shows when its traffic begins and ends. */
  readonly link: LinkPlace;
}

function endOf(world: World, name: EndpointName): FlowEnd {
  const machine = world.machines.find(({ plan }) => plan.name === name);
  return machine === undefined
    ? { kind: 'namespace', namespace: namespaceOf(world, name) }
    : { kind: 'guest', machine };
}

/** The flows of a world, in the order of its plan. */
export function flowsOf(world: World): Flow[] {
  const { flows, links } = world.plan;
  return flows.map((plan) => {
    const link = links.find(({ flow }) => flow === plan.name);
    if (link === undefined) throw new TapbenchError('LAB_FAILED', `no link of ${plan.name} is counted`);
    return {
      plan,
      client: endOf(world, plan.client),
      server: endOf(world, plan.server),
      link: { namespace: namespaceOf(world, link.namespace), device: link.device },
    };
  });
}

/** What the record calls an end: the guest's name, or the host. */
export function endName(end: FlowEnd): string {
  return end.kind === 'guest' ? end.machine.guest.name : 'host';
}

/** Why nothing more can come of a flow: a guest of it is gone; null while both ends are there. */
export function brokenEnd({ client, server }: Flow): TapbenchError | null {
  for (const end of [client, server]) {
    const broken = end.kind === 'guest' ? end.machine.guest.channel.broken : null;
    if (broken !== null) return broken;
  }
  return null;
}
