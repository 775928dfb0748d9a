import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { HostFacts } from '../record/host.ts';
import { bracketed } from './bracketed.ts';
import type { MachineFiles } from './machine-files.ts';

function configuration(files: MachineFiles, release: string): Buffer | null {
  const packed = files.bytes('/proc/config.gz');
  if (packed === null) return files.bytes(`/boot/config-${release}`);
  try {
    return gunzipSync(packed);
  } catch {
    return null;
  }
}

/** The preemption model in force; of a kernel that only says what it was built for, that. */
function preemption(files: MachineFiles, version: string): string | null {
  const inForce = bracketed(files.text('/sys/kernel/debug/sched/preempt'));
  return inForce ?? /\bPREEMPT\w*/.exec(version)?.[0] ?? null;
}

/** Which kernel runs, and how it was configured and started. */
export function kernelFacts(files: MachineFiles): HostFacts['kernel'] {
  const release = files.text('/proc/sys/kernel/osrelease') ?? 'unknown';
  const version = files.text('/proc/version') ?? 'unknown';
  const config = configuration(files, release);
  return {
    release,
    version,
    commandLine: files.text('/proc/cmdline') ?? '',
    configSha256: config === null ? null : createHash('sha256').update(config).digest('hex'),
    clocksource: files.text('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
    preemption: preemption(files, version),
  };
}

/** PRETTY_NAME of os-release(5). */
export function operatingSystem(files: MachineFiles): string | null {
  const text = files.text('/etc/os-release') ?? files.text('/usr/lib/os-release') ?? '';
  return /^PRETTY_NAME=(["']?)(.*)\1$/m.exec(text)?.[2] ?? null;
}
