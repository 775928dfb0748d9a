import { parseCpuList } from '../host/cpu-list.ts';
import { type MachineFiles, machineFiles } from '../host/machine-files.ts';

/** Where a logical CPU lies. */
export interface CpuPlace {
  readonly cpu: number;
  /** The same for the logical CPUs of one physical core (SMT siblings), another for every other core. */
  readonly core: string;
  /** NUMA node; null where the kernel tells of none. */
  readonly node: number | null;
  /** The same for CPUs with one last-level (L3) cache; null where the kernel tells of none. */
  readonly cache: string | null;
}

export interface CpuTopology {
  /** The CPUs that are online, by number. */
  readonly cpus: readonly CpuPlace[];
  /** Every CPU of the machine, those that are offline too. */
  readonly present: readonly number[];
  /** Those that this process may use (its cpuset and affinity). */
  readonly allowed: readonly number[];
}

/** The CPUs of `Cpus_allowed_list` in a /proc/PID/status (proc_pid_status(5)); null where there is no such line. */
export function allowedCpus(status: string): number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  return list === undefined ? null : parseCpuList(list);
}

function numbered(files: MachineFiles, folder: string, name: RegExp): number[] {
  return files
    .names(folder)
    .flatMap((one) => name.exec(one)?.[1] ?? [])
    .map(Number);
}

/** Siblings name a core surely; the ids are unique within a package (and die) only (Documentation/admin-guide/cputopology.rst). */
function coreOf(files: MachineFiles, cpu: number): string {
  const folder = `cpu${String(cpu)}/topology`;
  const [first] = parseCpuList(files.text(`${folder}/thread_siblings_list`) ?? '').sort((a, b) => a - b);
  if (first !== undefined) return `cpu${String(first)}`;
  const ids = ['physical_package_id', 'die_id', 'core_id'].map((file) => files.text(`${folder}/${file}`));
  return ids[0] === null || ids[2] === null ? `cpu${String(cpu)}` : ids.join(':');
}

function cacheOf(files: MachineFiles, cpu: number): string | null {
  const folder = `cpu${String(cpu)}/cache`;
  const index = numbered(files, folder, /^index(\d+)$/).find(
    (one) => files.text(`${folder}/index${String(one)}/level`) === '3',
  );
  return index === undefined ? null : files.text(`${folder}/index${String(index)}/shared_cpu_list`);
}

function place(files: MachineFiles, cpu: number): CpuPlace {
  const [node = null] = numbered(files, `cpu${String(cpu)}`, /^node(\d+)$/);
  return { cpu, core: coreOf(files, cpu), node, cache: cacheOf(files, cpu) };
}

/**
 * The CPUs of this machine.
 * @param root folder with `cpu0`, `cpu1`, ...
 * @param status of the process whose CPUs count as allowed
 */
export function readCpuTopology(root = '/sys/devices/system/cpu', status = '/proc/self/status'): CpuTopology {
  const files = machineFiles(root);
  const folders = numbered(files, '/', /^cpu(\d+)$/);
  // cpu0 often has no file of its own, as it can't be switched off.
  const isOnline = (cpu: number): boolean => files.text(`cpu${String(cpu)}/online`) !== '0';
  const list = files.text('online');
  const online = list === null ? folders.filter(isOnline) : parseCpuList(list);
  const present = files.text('present');
  return {
    cpus: online.map((cpu) => place(files, cpu)),
    present: present === null ? folders : parseCpuList(present),
    allowed: allowedCpus(machineFiles().text(status) ?? '') ?? online,
  };
}
