import { existsSync, readFileSync } from 'node:fs';
import { run } from '../lab/process.ts';

const deadlineMs = 5_000;

/** `tsc: Refined TSC clocksource calibration: 2595.124 MHz` or `tsc: Detected 2596.134 MHz processor` of the kernel log (arch/x86/kernel/tsc.c), in kHz. */
export function tscKhzOfLog(log: string): number | null {
  const refined = /tsc: Refined TSC clocksource calibration: ([\d.]+) MHz/.exec(log);
  const detected = /tsc: Detected ([\d.]+) MHz (?:processor|TSC)/.exec(log);
  const megahertz = refined?.[1] ?? detected?.[1];
  return megahertz === undefined ? null : Math.round(Number(megahertz) * 1000);
}

/** `cpu MHz` of /proc/cpuinfo, in kHz. It's the TSC's frequency only where nothing scales the CPU's. */
export function tscKhzOfCpuInfo(cpuInfo: string): number | null {
  const megahertz = /^cpu MHz\s*:\s*([\d.]+)$/m.exec(cpuInfo)?.[1];
  return megahertz === undefined ? null : Math.round(Number(megahertz) * 1000);
}

/**
 * Frequency of the host's time stamp counter, kHz: an emulated guest reads the same counter, and cannot always measure it
 * (its emulated timers are late on a busy host). null where the host doesn't say.
 */
export async function tscKhz(): Promise<number | null> {
  const log = await run(['dmesg'], { deadlineMs, acceptsFailure: true }).catch(() => null);
  const logged = log === null ? null : tscKhzOfLog(log.stdout);
  if (logged !== null) return logged;
  if (existsSync('/sys/devices/system/cpu/cpu0/cpufreq')) return null;
  return tscKhzOfCpuInfo(readFileSync('/proc/cpuinfo', 'utf8'));
}
