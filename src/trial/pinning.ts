import { readCpuTopology } from '../prepare/cpu-topology.ts';
import { launchPrefix, type Pinnable, pinProcess, pinThreads } from '../prepare/pin-threads.ts';
import { type PinWish, planPins } from '../prepare/plan-pins.ts';
import { threadNames } from '../probe/procfs.ts';
import { vhostWorkers } from '../probe/vhost-workers.ts';
import type { Configuration, PinnedRole } from '../record/experiment.ts';
import type { ThreadRole } from '../record/probe-readings.ts';
import { clientSide, isGuestAndHost } from '../record/topology.ts';
import type { Pin } from '../record/trial.ts';

/** Which of the two load generators runs on this host: the other is in the guest. */
function hostRole(configuration: Configuration): 'client' | 'server' {
  const { topology } = configuration;
  return isGuestAndHost(topology) && clientSide[topology] === 'guest' ? 'server' : 'client';
}

/** Every thread of a VMM that is no CPU of the guest does the VMM's work. */
const pinnedAs: Readonly<Record<ThreadRole, PinnedRole>> = {
  vcpu: 'vcpu',
  vhost: 'vhost',
  vmm: 'vmm',
  net: 'vmm',
  api: 'vmm',
  worker: 'vmm',
};

/** Where everything of one boot is to be kept: nothing where the configuration pins nothing. */
export function pinPlan(configuration: Configuration): Pin[] {
  const { prepare, vmm, nic } = configuration;
  if (prepare.pin === 'none') return [];
  const wishes: PinWish[] = [
    ...Array.from({ length: vmm.vcpus }, (_, index): PinWish => ({ role: 'vcpu', name: `CPU ${String(index)}` })),
    { role: 'vmm', name: vmm.kind },
    // One worker for each queue pair, which is a vhost device of its own (drivers/vhost/net.c).
    ...Array.from(
      { length: nic.vhost ? nic.queues : 0 },
      (_, index): PinWish => ({ role: 'vhost', name: `worker ${String(index)}` }),
    ),
    { role: hostRole(configuration), name: 'load generator' },
  ];
  return planPins(prepare.pin, readCpuTopology(), wishes);
}

/** What the load generator of this host is started with, so that it never runs elsewhere. */
export function generatorPrefix(plan: readonly Pin[]): string[] {
  const entry = plan.find(({ role, status }) => (role === 'client' || role === 'server') && status !== 'refused');
  return entry === undefined ? [] : launchPrefix(entry.cpus);
}

/** Workers of vhost that were planned for and are nowhere to be seen, as the kernel's threads are inside a pid namespace. */
function unseen(plan: readonly Pin[], threads: readonly Pinnable[]): Pin[] {
  const planned = plan.filter(({ role }) => role === 'vhost');
  const seen = threads.filter(({ role }) => role === 'vhost').length;
  return planned.slice(seen).map((entry) => ({ ...entry, status: 'refused', reason: 'no worker of vhost was found' }));
}

export interface PinOptions {
  readonly plan: readonly Pin[];
  readonly vmmPid: number;
  readonly threadRole: (name: string, isMain: boolean) => ThreadRole;
  /** A load generator that runs on this host already. */
  readonly generator: { readonly pid: number; readonly name: string } | null;
}

/** Pins a VMM that is up; the load generator is pinned since its start, which is looked at. A refusal is in the result. */
export async function pinBoot({ plan, vmmPid, threadRole, generator }: PinOptions): Promise<Pin[]> {
  if (plan.length === 0) return [];
  const threads = [...threadNames(vmmPid)].map(
    ([tid, name]): Pinnable => ({ tid, name, role: pinnedAs[threadRole(name, tid === vmmPid)] }),
  );
  const workers = vhostWorkers(vmmPid).map(({ tid, name }): Pinnable => ({ tid, name, role: 'vhost' }));
  const all = [...threads, ...workers];
  const pins = [...(await pinThreads(all, plan)), ...unseen(plan, all)];
  const ours = plan.find(({ role }) => role === 'client' || role === 'server');
  if (ours === undefined) return pins;
  if (generator === null) return [...pins, ours];
  const pin = await pinProcess({ tid: generator.pid, name: generator.name, role: ours.role }, plan);
  return pin === null ? pins : [...pins, pin];
}
