import { cpuFacts } from '../cpu-facts.ts';
import { hypervisor } from '../hypervisor.ts';
import { kernelFacts } from '../kernel-facts.ts';
import type { MachineFiles } from '../machine-files.ts';
import { type Requirement, requirement } from './requirement.ts';

/** Clock sources that a program reads without a system call (vDSO). */
const quickClocks = ['tsc', 'kvm-clock', 'hyperv_clocksource_tsc_page'];
/** Steal that the audit of a measurement speaks at, too. */
const tolerableSteal = 0.01;
const fewCpus = 4;

function frequency(files: MachineFiles): Requirement[] {
  const { governor, isTurboOn, frequencyDriver } = cpuFacts('', files);
  return [
    requirement({
      name: 'CPU governor',
      isOk: governor === null || governor === 'performance',
      what: governor === null ? 'this machine shows none' : `${governor} (${frequencyDriver ?? 'driver unknown'})`,
      meaning: 'others than performance change the clock with the load: more spread, slower small requests',
      mend: "sh -c 'for g in /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor; do echo performance >$g; done'",
      isVital: false,
    }),
    requirement({
      name: 'turbo',
      isOk: isTurboOn !== true,
      what: isTurboOn === null ? 'this machine does not say' : isTurboOn ? 'on' : 'off',
      meaning: 'turbo follows heat and neighbours: runs differ from hour to hour',
      mend: "sh -c 'cd /sys/devices/system/cpu; echo 1 >intel_pstate/no_turbo || echo 0 >cpufreq/boost'",
      isVital: false,
    }),
  ];
}

function shape(files: MachineFiles): Requirement[] {
  const cpu = cpuFacts(files.text('/proc/cpuinfo') ?? '', files);
  const over = hypervisor(files);
  return [
    requirement({
      name: 'CPUs',
      isOk: cpu.logicalCpus >= fewCpus,
      what: `${String(cpu.logicalCpus)} x ${cpu.model}`,
      meaning: `VMM, vCPU, client and server share CPUs where there are fewer than ${String(fewCpus)}`,
      isVital: false,
    }),
    requirement({
      name: 'SMT',
      isOk: (cpu.threadsPerCore ?? 1) === 1,
      what: `${cpu.smt ?? 'unknown'}, ${String(cpu.threadsPerCore ?? 'unknown')} thread(s) per core`,
      meaning: 'threads of one core slow each other: pin to different cores',
      mend: "sh -c 'echo off >/sys/devices/system/cpu/smt/control'",
      isVital: false,
    }),
    requirement({
      name: 'bare metal',
      isOk: over === null,
      what: over === null ? 'no hypervisor seen' : `this host is itself a guest (${over})`,
      meaning: 'neighbours and nesting add spread that cannot be seen from here',
      isVital: false,
    }),
  ];
}

function clock(files: MachineFiles): Requirement {
  const { clocksource } = kernelFacts(files);
  return requirement({
    name: 'clock source',
    isOk: clocksource !== null && quickClocks.includes(clocksource),
    what: clocksource ?? 'unknown',
    meaning: 'a slow clock is read with a system call, twice a message: it would be measured as latency',
    mend: "sh -c 'echo tsc >/sys/devices/system/clocksource/clocksource0/current_clocksource'",
    isVital: false,
  });
}

/** CPUs, their clock and their frequency. */
export function checkCpu(files: MachineFiles): Requirement[] {
  return [...shape(files), ...frequency(files), clock(files)];
}

/** Ticks of the first line of /proc/stat: all, and those stolen (proc_stat(5): the eighth; guest times are already in user and nice). */
export function cpuTicks(files: MachineFiles): { total: number; stolen: number } {
  const line = /^cpu +(.*)$/m.exec(files.text('/proc/stat') ?? '')?.[1] ?? '';
  const ticks = line.split(' ').slice(0, 8).map(Number);
  return { total: ticks.reduce((sum, value) => sum + value, 0), stolen: ticks[7] ?? 0 };
}

/** Steal between two readings of `cpuTicks`, and since the host booted. */
export function checkSteal(
  before: { total: number; stolen: number },
  after: { total: number; stolen: number },
): Requirement {
  const total = after.total - before.total;
  const share = total > 0 ? (after.stolen - before.stolen) / total : 0;
  const ever = after.total > 0 ? after.stolen / after.total : 0;
  const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
  return requirement({
    name: 'steal',
    isOk: share <= tolerableSteal,
    what: `${percent(share)} during this examination, ${percent(ever)} since boot`,
    meaning: 'CPU time that the hypervisor gave to others: figures measured meanwhile are in doubt',
    isVital: false,
  });
}
