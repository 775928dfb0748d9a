import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { madeCacheFolder } from '../host/folders.ts';
import type { Ledger } from '../lab/ledger.ts';
import { type Namespace, Namespaces } from '../lab/namespace.ts';
import { makeRunFolder } from '../lab/run-folder.ts';
import { firstComplaint } from '../record/complaint.ts';
import { TapbenchError } from '../record/error.ts';
import type { Configuration } from '../record/experiment.ts';
import { atEnd, type End, machineEnds } from '../record/topology.ts';
import { abortOn } from './abort-on.ts';
import { type Bootable, type Machine, type MachineOptions, startMachine } from './boot.ts';
import { newOwnUser } from './own-user.ts';
import { topologies } from './topology/topologies.ts';
import type { EndpointName, NamespacePlan, WorldPlan } from './topology/world-plan.ts';

export interface WorldOptions {
  readonly configuration: Configuration;
  /** What the VMs at each end boot; empty where the topology has no VM. */
  readonly bootables: ReadonlyMap<End, Bootable>;
  readonly ledger: Ledger;
  /** Unique on this host: the names of the namespaces begin with it. */
  readonly labName: string;
  /** What every load generator on this host is started with; empty for none. */
  readonly generatorPrefix?: readonly string[];
  /** For console.log and what is fetched; of several machines each has a folder of its name in it. */
  readonly folder: string;
  /** Limit on one boot from exec to a guest that answers, ms. */
  readonly bootDeadlineMs: number;
  /** Makes every wait on a guest fail at once. */
  readonly signal: AbortSignal;
  /** Called with each machine as soon as its VMM was started: what is left of it where another fails. */
  readonly onMachine?: (machine: Machine) => void;
}

/** All that one trial builds, as its topology plans it. */
export interface World extends AsyncDisposable {
  readonly plan: WorldPlan;
  readonly namespaces: ReadonlyMap<EndpointName, Namespace>;
  /** In the order of the plan; the last ones may still boot. */
  readonly machines: readonly Machine[];
  /** Settles when every guest answers. @throws TapbenchError `GUEST_FAILED`, `VMM_FAILED` of the first that does not */
  readonly up: Promise<unknown>;
  readonly generatorPrefix: readonly string[];
}

type VmmUser = MachineOptions['user'];

const ethtoolDeadlineMs = 10_000;

/** What was prepared for the VMs at an end. @throws TapbenchError `LAB_FAILED` where nothing was */
export function preparedAt<T>(prepared: ReadonlyMap<End, T>, end: End): T {
  const own = prepared.get(end);
  if (own === undefined) throw new TapbenchError('LAB_FAILED', `nothing was prepared for the ${end}'s end`);
  return own;
}

/** Whom the VMM at an end runs as; null: as we do. */
function newVmmUser({ configuration, bootables }: WorldOptions, end: End): VmmUser {
  const { driver, accel, setpriv } = preparedAt(bootables, end);
  const needs = driver.ownUser(atEnd(configuration, end), accel);
  if (setpriv === null || needs === null) return null;
  const own = newOwnUser({ setpriv, devices: needs.devices });
  return own === null ? null : { own, changesItself: needs.by === 'itself' };
}

/** Switches off what the plan wants off. @throws TapbenchError `LAB_FAILED` */
async function switchOff(namespace: Namespace, { offloadsOff }: NamespacePlan): Promise<void> {
  for (const { device, features } of offloadsOff) {
    const words = features.flatMap((feature) => [feature, 'off']);
    const { exitStatus, stderr } = await namespace.run(['ethtool', '-K', device, ...words], ethtoolDeadlineMs);
    if (exitStatus === 0) continue;
    const said = firstComplaint(stderr) ?? 'ethtool said nothing';
    throw new TapbenchError('LAB_FAILED', `${device} refuses ${words.join(' ')}: ${said}`, {
      hint: 'the offloads of nic.offloads must stay on here',
    });
  }
}

function isThere<K, V>(entry: readonly [K, V | undefined]): entry is readonly [K, V] {
  return entry[1] !== undefined;
}

/** The namespace of that name. @throws TapbenchError `LAB_FAILED` where the plan has none */
export function namespaceOf({ namespaces }: Pick<World, 'namespaces'>, name: EndpointName): Namespace {
  const namespace = namespaces.get(name);
  if (namespace === undefined) throw new TapbenchError('LAB_FAILED', `the world has no namespace ${name}`);
  return namespace;
}

/** Starts the VMMs, as many guests booting at a time as there are cores; resolves when the last one was started. */
async function startMachines(
  options: WorldOptions,
  world: Pick<World, 'plan' | 'namespaces'> & { readonly users: readonly VmmUser[] },
  made: AsyncDisposableStack,
): Promise<Pick<World, 'machines' | 'up'>> {
  const { configuration, bootables, ledger, labName, folder, bootDeadlineMs, onMachine } = options;
  const isAlone = world.plan.machines.length === 1;
  // A guest that boots keeps a core busy.
  const bootsAtOnce = availableParallelism();
  const machines: Machine[] = [];
  const booting = new Set<Promise<void>>();
  const all: Promise<void>[] = [];
  for (const [index, plan] of world.plan.machines.entries()) {
    if (booting.size >= bootsAtOnce) await Promise.race(booting);
    const machine = made.use(
      await startMachine({
        plan,
        configuration: atEnd(configuration, plan.end),
        bootable: preparedAt(bootables, plan.end),
        ledger,
        vmName: isAlone ? labName : `${labName}-${plan.name}`,
        user: world.users[index] ?? null,
        namespace: namespaceOf(world, plan.namespace),
        folder: isAlone ? folder : join(folder, plan.name),
        guestName: isAlone ? 'vm' : plan.name,
      }),
    );
    made.use(abortOn(options.signal, machine));
    machines.push(machine);
    onMachine?.(machine);
    const up = machine.up(bootDeadlineMs);
    booting.add(up);
    all.push(up);
    void up.then(
      () => booting.delete(up),
      () => undefined,
    );
  }
  const up = Promise.all(all);
  // A failure shows where it is awaited.
  up.catch(() => undefined);
  return { machines, up };
}

/** Makes the lab of one trial and starts its VMMs in it. Disposing ends them and removes the lab. */
export async function makeWorld(options: WorldOptions): Promise<World> {
  const { configuration, ledger, labName } = options;
  const { topology, nic, pairs } = configuration;
  await using made = new AsyncDisposableStack();
  const users = machineEnds(configuration).map((end) => newVmmUser(options, end));
  const plan = topologies[topology].plan({
    nic,
    pairs,
    labName,
    tapOwner: (index) => users[index]?.own.id ?? null,
  });
  const { path: temporaryFolder } = made.use(
    makeRunFolder(ledger, madeCacheFolder('work'), `tools-${String(process.pid)}-`),
  );
  const { all } = made.use(await Namespaces.create(ledger, { ...plan, temporaryFolder }));
  const namespaces = new Map(plan.namespaces.map(({ name }, index) => [name, all[index]] as const).filter(isThere));
  for (const wanted of plan.namespaces) await switchOff(namespaceOf({ namespaces }, wanted.name), wanted);
  const { machines, up } = await startMachines(options, { plan, namespaces, users }, made);
  const owned = made.move();
  return {
    plan,
    namespaces,
    machines,
    up,
    generatorPrefix: options.generatorPrefix ?? [],
    [Symbol.asyncDispose]: async () => {
      await owned.disposeAsync();
    },
  };
}
