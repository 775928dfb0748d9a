import type { CpuTopology } from './cpu-topology.ts';

/** A physical core with the logical CPUs of it that may be used, lowest first. */
export interface Core {
  readonly cpus: readonly number[];
  /** Node and cache in one, and the node alone. */
  readonly cache: string;
  readonly node: string;
  /** It has CPU 0, to which interrupts and the kernel's own work go unless told otherwise. */
  readonly hasCpu0: boolean;
}

/** The cores that this process may use: that of CPU 0 last, else by number. */
export function usableCores({ cpus, allowed }: CpuTopology): Core[] {
  const places = cpus.filter(({ cpu }) => allowed.includes(cpu)).toSorted((a, b) => a.cpu - b.cpu);
  const groups = Map.groupBy(places, ({ core }) => core);
  const cores = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const node = String(first.node);
    const hasCpu0 = cpus.some(({ cpu, core }) => cpu === 0 && core === first.core);
    return [{ cpus: group.map(({ cpu }) => cpu), cache: `${node} ${first.cache ?? ''}`, node, hasCpu0 }];
  });
  return cores.toSorted((a, b) => Number(a.hasCpu0) - Number(b.hasCpu0));
}

/**
 * Cores for a number of roles, one each and close to each other: under one last-level cache, else on one NUMA node, each first without
 * the core of CPU 0; then anywhere. null where there are fewer cores than roles.
 */
export function closeCores(cores: readonly Core[], count: number): Core[] | null {
  const quiet = cores.filter(({ hasCpu0 }) => !hasCpu0);
  const by = (from: readonly Core[], key: 'cache' | 'node'): Core[][] => [
    ...Map.groupBy(from, (core) => core[key]).values(),
  ];
  const candidates = [
    ...by(quiet, 'cache'),
    ...by(quiet, 'node'),
    ...by(cores, 'cache'),
    ...by(cores, 'node'),
    quiet,
    [...cores],
  ];
  return candidates.find(({ length }) => length >= count)?.slice(0, count) ?? null;
}
