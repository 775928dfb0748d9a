import { join } from 'node:path';
import { machineFiles } from '../host/machine-files.ts';
import type { HostSetting } from '../record/trial.ts';
import { cpuListText } from './cpu-list-text.ts';
import { absent, type Preparing } from './preparing.ts';
import { putBackAtEnd, setFile } from './set-file.ts';

/** Each policy is a set of CPUs that share one clock (Documentation/admin-guide/pm/cpufreq.rst). */
export const frequencyFolder = '/sys/devices/system/cpu/cpufreq';

const whyAbsent = 'the kernel scales no frequencies here (no cpufreq)';

/** Numbers of the cpufreq policies of the machine below the root. */
export function frequencyPolicies(root: string): number[] {
  return machineFiles(root)
    .names(frequencyFolder)
    .flatMap((name) => /^policy(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number);
}

/**
 * Drivers that steer by hint (intel_pstate, amd_pstate) change the hint to `performance` together with this governor. Not all of them
 * bring it back, so it is put back after the governor was.
 */
function keepHint(preparing: Preparing, policyFolder: string): void {
  const file = `${policyFolder}/energy_performance_preference`;
  const before = machineFiles(preparing.root).text(file);
  if (before === null || before === 'performance') return;
  putBackAtEnd(preparing, { path: join(preparing.root, file), before, after: 'performance' });
}

function setPolicy(preparing: Preparing, policy: number, governor: string): HostSetting {
  const own = `${frequencyFolder}/policy${String(policy)}`;
  const file = `${own}/scaling_governor`;
  const files = machineFiles(preparing.root);
  const now = files.text(file);
  if (governor === 'performance' && now !== null && now !== governor) keepHint(preparing, own);
  const setting = setFile(preparing, { field: 'governor', path: file, wanted: governor, whyAbsent });
  if (setting.status !== 'refused') return setting;
  const choices = files.text(`${own}/scaling_available_governors`);
  return { ...setting, reason: `${setting.reason ?? ''}${choices === null ? '' : `; available: ${choices}`}` };
}

/** Policies that fared alike are one row, with their numbers in braces. */
function merged(rows: readonly (readonly [number, HostSetting])[]): HostSetting[] {
  const alike = Map.groupBy(rows, ([, { before, status, reason }]) => JSON.stringify([before, status, reason]));
  return [...alike.values()].flatMap((group) => {
    const [, first] = group[0] ?? [];
    const policies = cpuListText(group.map(([policy]) => policy));
    const target = `${frequencyFolder}/policy${group.length === 1 ? policies : `{${policies}}`}/scaling_governor`;
    return first === undefined ? [] : [{ ...first, target }];
  });
}

/** Sets the scaling governor of every CPU. */
export function setGovernor(preparing: Preparing, governor: string): HostSetting[] {
  const policies = frequencyPolicies(preparing.root);
  if (policies.length === 0)
    return [absent({ field: 'governor', target: frequencyFolder, wanted: governor }, whyAbsent)];
  return merged(policies.map((policy) => [policy, setPolicy(preparing, policy, governor)] as const));
}
