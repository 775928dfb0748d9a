import { cacheFolder } from '../host/folders.ts';
import { labRefusal } from '../host/lab-refusal.ts';
import { findPrograms } from '../host/program.ts';
import { readCpuTopology } from '../prepare/cpu-topology.ts';
import { demandCpus } from '../prepare/plan-pins.ts';
import { TapbenchError } from '../record/error.ts';
import type { Experiment } from '../record/experiment.ts';
import type { ProgramFacts } from '../record/host.ts';
import { alikeVms, type End, hasVm } from '../record/topology.ts';
import { workloadFor } from '../workload/bound-workload.ts';
import { installHint, workloadPrograms } from '../workload/programs.ts';
import { findVmm } from './find-vmm.ts';
import { demandGuestFiles } from './guest-files.ts';
import { demandLinkKinds } from './link-kinds.ts';
import { demandMemory } from './memory.ts';

/** Debian packages of what every run needs, by program. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  setpriv: 'util-linux',
  busybox: 'busybox-static',
  ethtool: 'ethtool',
  ...Object.fromEntries(workloadPrograms.map(({ name, debianPackage }) => [name, debianPackage])),
};
/** Without these a run is poorer, not impossible. */
const optional = ['bpftrace', 'tc'];

export interface FoundPrograms {
  readonly programs: readonly ProgramFacts[];
  /** By name of the configuration and end of its flows. */
  readonly vmm: ReadonlyMap<string, ReadonlyMap<End, ProgramFacts>>;
}

/**
 * What the machine must have before anything is made.
 * @throws TapbenchError `EXPERIMENT_INVALID` for a file of the guest that is none, `HOST_INCAPABLE` with the mend
 */
export async function demandHost(experiment: Experiment): Promise<FoundPrograms> {
  demandGuestFiles(experiment);
  const refusal = labRefusal(experiment.configurations.some(hasVm));
  if (refusal !== null) throw new TapbenchError('HOST_INCAPABLE', refusal.reason, { hint: refusal.hint });
  demandMemory(experiment);
  const topology = readCpuTopology();
  for (const { prepare } of experiment.configurations) demandCpus(prepare.pin, topology);
  const tools = experiment.configurations.flatMap(({ workloads }) =>
    workloads.flatMap((spec) => workloadFor(spec).programs),
  );
  const needed = [...new Set([...tools, 'ip', 'setpriv', 'busybox', 'ethtool'])];
  const queries = [...needed, ...optional].map((name) => workloadPrograms.find((one) => one.name === name) ?? name);
  const found = await findPrograms(queries, { cacheFolder: cacheFolder() });
  const missing = needed.filter((_, index) => found[index] === null);
  if (missing.length > 0) {
    const names = missing.map((name) => packages[name] ?? name);
    throw new TapbenchError('HOST_INCAPABLE', `programs are missing: ${missing.join(', ')}`, {
      hint: installHint([...new Set(names)]),
    });
  }
  const vmm = new Map<string, ReadonlyMap<End, ProgramFacts>>();
  const vmms: ProgramFacts[] = [];
  for (const configuration of experiment.configurations) {
    const byEnd = new Map<End, ProgramFacts>();
    for (const one of alikeVms(configuration)) {
      const program = await findVmm(one.configuration);
      vmms.push(program);
      for (const end of one.ends) byEnd.set(end, program);
    }
    vmm.set(configuration.name, byEnd);
  }
  await demandLinkKinds(experiment);
  return { programs: [...found.filter((program) => program !== null), ...vmms], vmm };
}
