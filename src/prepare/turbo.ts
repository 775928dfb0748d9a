import { machineFiles } from '../host/machine-files.ts';
import type { HostSetting } from '../record/trial.ts';
import type { Preparing } from './preparing.ts';
import { setFile } from './set-file.ts';

/** Says that there is none (Documentation/admin-guide/pm/intel_pstate.rst). */
export const noTurbo = '/sys/devices/system/cpu/intel_pstate/no_turbo';
/** Says that there is some, for the other drivers (Documentation/admin-guide/pm/cpufreq.rst). */
export const boost = '/sys/devices/system/cpu/cpufreq/boost';

/** The switch that this machine has: its file, and what it holds for turbo on and off. */
export function turboSwitch(root: string): { path: string; on: string; off: string } {
  return machineFiles(root).text(noTurbo) === null
    ? { path: boost, on: '1', off: '0' }
    : { path: noTurbo, on: '0', off: '1' };
}

/** Frequencies above the nominal one. */
export function setTurbo(preparing: Preparing, isOn: boolean): HostSetting {
  const { path, on, off } = turboSwitch(preparing.root);
  const whyAbsent = 'the kernel has no switch for turbo here';
  return setFile(preparing, { field: 'turbo', path, wanted: isOn ? on : off, whyAbsent });
}
