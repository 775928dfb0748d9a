import type { MachineFiles } from '../machine-files.ts';

const folder = '/sys/devices/system/cpu/cpufreq';
const hertzPerKilohertz = 1000;
const hertzPerMegahertz = 1e6;

/**
 * What the CPUs run at now, Hz, one figure a clock. Empty where the machine does not say: without cpufreq, and without the counters
 * APERF and MPERF, "cpu MHz" of /proc/cpuinfo is the nominal frequency and says nothing of now (arch/x86/kernel/cpu/aperfmperf.c).
 */
export function currentFrequencies(files: MachineFiles): number[] {
  const policies = files.names(folder).filter((name) => /^policy\d+$/.test(name));
  const scaled = policies.flatMap((name) => files.number(`${folder}/${name}/scaling_cur_freq`) ?? []);
  if (scaled.length > 0) return scaled.map((kilohertz) => kilohertz * hertzPerKilohertz);
  const cpuInfo = files.text('/proc/cpuinfo') ?? '';
  if (!/^flags\s*:.*\baperfmperf\b/m.test(cpuInfo)) return [];
  return [...cpuInfo.matchAll(/^cpu MHz\s*:\s*([\d.]+)$/gm)].map((match) => Number(match[1]) * hertzPerMegahertz);
}
