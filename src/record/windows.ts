interface Named {
  readonly name: string;
}

/** What of a configuration says which workloads share a window. */
export interface Shared<W extends Named = Named> {
  readonly workloads: readonly W[];
  readonly together?: readonly (readonly string[])[] | undefined;
}

/** The workloads of each window, in order: one, or several together. */
export function windowsOf<W extends Named>({ workloads, together = [] }: Shared<W>): W[][] {
  const groupOf = (name: string): number => together.findIndex((names) => names.includes(name));
  const windows = Map.groupBy(workloads, ({ name }) => {
    const group = groupOf(name);
    return group === -1 ? name : group;
  });
  return [...windows.values()];
}

/** The other workloads of a workload's window; empty where it has the window for itself. */
export function loadsBeside<W extends Named>(configuration: Shared<W>, name: string): W[] {
  // Asked for each of many workloads: most have no window to share, which is told without looking at the others.
  const own = configuration.together?.find((names) => names.includes(name)) ?? [];
  return own.length === 0 ? [] : configuration.workloads.filter((one) => one.name !== name && own.includes(one.name));
}
