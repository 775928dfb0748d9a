import { expect, it } from 'vitest';
import { isPreparedSetting } from './settings.ts';

it.each([
  '/sys/kernel/mm/ksm/run',
  '/sys/kernel/mm/transparent_hugepage/enabled',
  '/sys/devices/system/cpu/intel_pstate/no_turbo',
  '/sys/devices/system/cpu/cpufreq/boost',
  '/sys/devices/system/cpu/cpufreq/policy12/scaling_governor',
  '/sys/devices/system/cpu/cpufreq/policy0/energy_performance_preference',
])('%s is one that prepare sets', (path) => {
  expect(isPreparedSetting(path)).toBe(true);
});

it.each([
  '/etc/passwd',
  '/sys/kernel/mm/ksm/../../../../etc/passwd',
  '/sys/devices/system/cpu/cpufreq/policy1/../x/scaling_governor',
  '/sys/devices/system/cpu/cpufreq/policy1/scaling_max_freq',
  '/sys/devices/system/cpu/cpufreq/policy1/scaling_governor/',
  '/proc/sys/kernel/core_pattern',
])('%s is none', (path) => {
  expect(isPreparedSetting(path)).toBe(false);
});
