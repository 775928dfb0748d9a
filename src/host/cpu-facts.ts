import type { HostFacts } from '../record/host.ts';
import { parseCpuList } from './cpu-list.ts';
import type { MachineFiles } from './machine-files.ts';

const cpuFolder = '/sys/devices/system/cpu';
const hertzPerKilohertz = 1000;

/** A field of the first CPU in /proc/cpuinfo. */
function cpuInfoField(cpuInfo: string, name: string): string | null {
  const value = new RegExp(`^${name}\\s*:\\s*(.*\\S)\\s*$`, 'm').exec(cpuInfo)?.[1];
  return value ?? null;
}

/** The distinct texts of one file of every CPU, joined; null where no CPU has it. */
function distinct(files: MachineFiles, cpus: readonly number[], file: string): string | null {
  const texts = cpus.map((cpu) => files.text(`${cpuFolder}/cpu${String(cpu)}/${file}`)).filter((text) => text !== null);
  return texts.length === 0 ? null : [...new Set(texts)].sort().join(',');
}

/** Cores and sockets of the CPUs online; null where sysfs has no topology. */
function topology(files: MachineFiles, cpus: readonly number[]): { cores: number; sockets: number } | null {
  const cores = new Set<string>();
  const sockets = new Set<string>();
  for (const cpu of cpus) {
    const folder = `${cpuFolder}/cpu${String(cpu)}/topology`;
    const socket = files.text(`${folder}/physical_package_id`);
    const core = files.text(`${folder}/core_id`);
    if (socket === null || core === null) return null;
    // Core ids are unique within a die only; on parts with one die die_id is 0.
    cores.add([socket, files.text(`${folder}/die_id`) ?? '0', core].join(':'));
    sockets.add(socket);
  }
  return cores.size === 0 ? null : { cores: cores.size, sockets: sockets.size };
}

/** Turbo or boost, by the driver that knows of it (Documentation/admin-guide/pm/intel_pstate.rst, cpufreq.rst); null where none does. */
function isTurboOn(files: MachineFiles): boolean | null {
  const noTurbo = files.text(`${cpuFolder}/intel_pstate/no_turbo`);
  if (noTurbo !== null) return noTurbo === '0';
  const boost = files.text(`${cpuFolder}/cpufreq/boost`);
  return boost === null ? null : boost === '1';
}

function frequencyHz(files: MachineFiles, file: string): number | null {
  const kilohertz = files.number(`${cpuFolder}/cpu0/cpufreq/${file}`);
  return kilohertz === null ? null : kilohertz * hertzPerKilohertz;
}

function vulnerabilities(files: MachineFiles): Record<string, string> {
  const folder = `${cpuFolder}/vulnerabilities`;
  return Object.fromEntries(files.names(folder).map((name) => [name, files.text(`${folder}/${name}`) ?? '']));
}

/** What the CPUs are and how they are set. @param cpuInfo the text of /proc/cpuinfo */
export function cpuFacts(cpuInfo: string, files: MachineFiles): HostFacts['cpu'] {
  const online = parseCpuList(files.text(`${cpuFolder}/online`) ?? '');
  const logicalCpus = Math.max(1, online.length > 0 ? online.length : (cpuInfo.match(/^processor\s*:/gm)?.length ?? 0));
  const shape = topology(files, online);
  const numaNodes = files.names('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name)).length;
  return {
    model: cpuInfoField(cpuInfo, 'model name') ?? 'unknown',
    vendor: cpuInfoField(cpuInfo, 'vendor_id'),
    microcode: cpuInfoField(cpuInfo, 'microcode'),
    logicalCpus,
    physicalCores: shape?.cores ?? null,
    sockets: shape?.sockets ?? null,
    threadsPerCore: shape === null ? null : Math.round(logicalCpus / shape.cores),
    numaNodes: numaNodes === 0 ? null : numaNodes,
    smt: files.text(`${cpuFolder}/smt/control`),
    governor: distinct(files, online, 'cpufreq/scaling_governor'),
    frequencyDriver: distinct(files, online, 'cpufreq/scaling_driver'),
    isTurboOn: isTurboOn(files),
    minimumHz: frequencyHz(files, 'cpuinfo_min_freq'),
    maximumHz: frequencyHz(files, 'cpuinfo_max_freq'),
    vulnerabilities: vulnerabilities(files),
  };
}
