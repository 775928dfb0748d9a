import { TapbenchError } from '../record/error.ts';
import type { PinnedRole, PrepareSpec } from '../record/experiment.ts';
import type { Pin } from '../record/trial.ts';
import { type Core, closeCores, usableCores } from './core-choice.ts';
import { cpuListText } from './cpu-list-text.ts';
import type { CpuTopology } from './cpu-topology.ts';

/** A thread or process that is to be kept on CPUs. */
export interface PinWish {
  readonly role: PinnedRole;
  readonly name: string;
}

/** Who gets a core first. The guest's CPUs make the figures; the load generators come last. */
const priority: readonly PinnedRole[] = ['vcpu', 'vmm', 'vhost', 'client', 'server'];

type Seat = PinWish & { readonly cpus: readonly number[] };

/** Why a CPU can't be had; null where it is online. */
function whyNot(cpu: number, { cpus, present }: CpuTopology): string | null {
  if (cpus.some((one) => one.cpu === cpu)) return null;
  return present.includes(cpu) ? `CPU ${String(cpu)} is offline` : `this machine has no CPU ${String(cpu)}`;
}

/** Says of each seat whether its cores are also somebody else's. Two CPUs of one core are one core. */
function judged(seats: readonly Seat[], topology: CpuTopology): Pin[] {
  const coreOf = new Map(topology.cpus.map(({ cpu, core }) => [cpu, core]));
  const cores = seats.map(({ cpus }) => new Set(cpus.map((cpu) => coreOf.get(cpu))));
  return seats.map((seat, index): Pin => {
    const { role, name } = seat;
    const cpus = [...seat.cpus];
    const reason = cpus.map((cpu) => whyNot(cpu, topology)).find((one) => one !== null) ?? null;
    if (reason !== null) return { role, name, cpus, status: 'refused', reason };
    const others = seats.filter(
      (_, other) => other !== index && [...(cores[other] ?? [])].some((core) => cores[index]?.has(core)),
    );
    if (others.length === 0) return { role, name, cpus, status: 'pinned', reason: null };
    const names = others.map((other) => `${other.role} ${other.name}`).join(', ');
    return { role, name, cpus, status: 'shared', reason: `the core of CPU ${cpuListText(cpus)} also has ${names}` };
  });
}

/** The core with the fewest; of those the last, whose holder matters least. On it the CPU with the fewest, so SMT siblings before one CPU for two. */
function leastTaken(cores: readonly Core[], taken: ReadonlyMap<number, number>): number | null {
  const load = (cpus: readonly number[]): number => cpus.reduce((sum, cpu) => sum + (taken.get(cpu) ?? 0), 0);
  const core = cores.toReversed().toSorted((a, b) => load(a.cpus) - load(b.cpus))[0];
  return core?.cpus.toSorted((a, b) => load([a]) - load([b]))[0] ?? null;
}

/** The CPU of each role, in order of priority; fewer where no CPU may be used. */
function seatsOn(cores: readonly Core[], count: number): number[] {
  const chosen = closeCores(cores, count) ?? cores;
  const first = chosen.slice(0, count).flatMap(({ cpus }) => cpus.slice(0, 1));
  const taken = new Map(first.map((cpu) => [cpu, 1]));
  while (first.length < count) {
    const cpu = leastTaken(chosen, taken);
    if (cpu === null) break;
    taken.set(cpu, (taken.get(cpu) ?? 0) + 1);
    first.push(cpu);
  }
  return first;
}

function automatic(topology: CpuTopology, roles: readonly PinWish[]): Pin[] {
  const cores = usableCores(topology);
  const ranked = roles.toSorted((a, b) => priority.indexOf(a.role) - priority.indexOf(b.role));
  const cpus = seatsOn(cores, roles.length);
  const seats = roles.flatMap((wish) => {
    const cpu = cpus[ranked.indexOf(wish)];
    return cpu === undefined ? [] : [{ ...wish, cpus: [cpu] }];
  });
  const scarcity = `: ${String(cores.length)} usable cores for ${String(roles.length)}`;
  return judged(seats, topology).map((one) =>
    one.status === 'shared' ? { ...one, reason: `${one.reason ?? ''}${scarcity}` } : one,
  );
}

type PinMap = Exclude<PrepareSpec['pin'], string>;

/** As many CPUs as threads of a role: one each, in the order of both. Else each may use all of the role's. */
function asAsked(map: PinMap, topology: CpuTopology, roles: readonly PinWish[]): Pin[] {
  const seats = roles.flatMap((wish) => {
    const cpus = map[wish.role];
    if (cpus === undefined) return [];
    const peers = roles.filter(({ role }) => role === wish.role);
    const own = cpus[peers.indexOf(wish)];
    return [{ ...wish, cpus: cpus.length === peers.length && own !== undefined ? [own] : cpus }];
  });
  return judged(seats, topology);
}

/**
 * Where each thread or process is to be kept, in the order of `roles`. `auto` gives each a core of its own while there are enough, close to each
 * other, leaves SMT siblings idle, and takes CPU 0 last; too few are shared, by the least important first. A map is followed as it is;
 * roles that it does not name are in no result. Pure: nothing is pinned yet.
 */
export function planPins(pin: PrepareSpec['pin'], topology: CpuTopology, roles: readonly PinWish[]): Pin[] {
  if (pin === 'none') return [];
  return pin === 'auto' ? automatic(topology, roles) : asAsked(pin, topology, roles);
}

/** To be called before a run. @throws TapbenchError `EXPERIMENT_INVALID` where the map names CPUs that this host lacks or has offline */
export function demandCpus(pin: PrepareSpec['pin'], topology: CpuTopology): void {
  if (typeof pin === 'string') return;
  const complaints = priority.flatMap((role) =>
    (pin[role] ?? []).flatMap((cpu) => {
      const reason = whyNot(cpu, topology);
      return reason === null ? [] : [`prepare.pin.${role}: ${reason}`];
    }),
  );
  if (complaints.length === 0) return;
  throw new TapbenchError('EXPERIMENT_INVALID', complaints.join('; '), {
    hint: `CPUs that can be used: ${cpuListText(topology.cpus.map(({ cpu }) => cpu))}`,
  });
}
