import { closeSync, constants, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { HostFacts } from '../record/host.ts';
import { type MachineFiles, machineFiles } from './machine-files.ts';

/** Whether a guest really booted on this machine's KVM. */
export type KvmVerdict = HostFacts['kvm'];

const verdictFile = z.strictObject({
  schemaVersion: z.literal(1),
  bootId: z.string(),
  /** By sha256 of the VMM's binary. */
  verdicts: z.record(z.string(), z.strictObject({ isUsable: z.boolean(), reason: z.string() })),
});

const fileName = 'kvm-verdict.json';

function bootId(): string {
  return machineFiles().text('/proc/sys/kernel/random/boot_id') ?? 'unknown';
}

/** Verdicts of this boot of the host; those of an earlier one say nothing: kernel, firmware or hypervisor may have changed. */
function verdictsOfThisBoot(folder: string): Record<string, KvmVerdict> {
  try {
    const stored = verdictFile.parse(JSON.parse(readFileSync(join(folder, fileName), 'utf8')));
    return stored.bootId === bootId() ? stored.verdicts : {};
  } catch {
    return {};
  }
}

/** What a boot on KVM with this VMM has shown since the host booted; null: nobody has tried. */
export function recallKvm(cacheFolder: string, vmmSha256: string): KvmVerdict | null {
  return verdictsOfThisBoot(cacheFolder)[vmmSha256] ?? null;
}

/** Keeps a verdict until the host reboots. Where it can't be written, the next run tries again. */
export function rememberKvm(cacheFolder: string, vmmSha256: string, verdict: KvmVerdict): void {
  const verdicts = { ...verdictsOfThisBoot(cacheFolder), [vmmSha256]: verdict };
  const draft = join(cacheFolder, `${fileName}.${String(process.pid)}`);
  try {
    mkdirSync(cacheFolder, { recursive: true });
    writeFileSync(draft, JSON.stringify({ schemaVersion: 1, bootId: bootId(), verdicts }));
    renameSync(draft, join(cacheFolder, fileName));
  } catch {
    // See above.
  }
}

/** What KVM looks like from outside, without starting a guest. */
export interface KvmFacts {
  /** `refused`: it exists but can't be opened, for the reason in `error`. */
  readonly device: 'opens' | 'absent' | 'refused';
  /** Such as `EACCES`; null where the device opens. */
  readonly error: string | null;
  /** The CPU shows vmx or svm. */
  readonly hasCpuExtension: boolean;
  /** Loaded or built-in modules whose name begins with kvm, such as `kvm_amd`. */
  readonly modules: readonly string[];
  /** `module.parameter` to value, those that change what a guest gets. */
  readonly parameters: Readonly<Record<string, string>>;
}

const tellingParameters = ['nested', 'npt', 'ept', 'avic', 'enable_apicv', 'halt_poll_ns', 'nx_huge_pages', 'tdp_mmu'];

function openError(device: string): string | null {
  try {
    closeSync(openSync(device, constants.O_RDWR));
    return null;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code ?? 'EIO';
  }
}

/** @param device where the device is, for tests */
export function quickKvmFacts(device = '/dev/kvm', files: MachineFiles = machineFiles()): KvmFacts {
  const error = openError(device);
  const modules = files.names('/sys/module').filter((name) => /^kvm(?:$|_)/.test(name));
  const parameters = modules.flatMap((module) =>
    tellingParameters.flatMap((parameter) => {
      const value = files.text(`/sys/module/${module}/parameters/${parameter}`);
      return value === null ? [] : [[`${module}.${parameter}`, value] as const];
    }),
  );
  return {
    device: error === null ? 'opens' : error === 'ENOENT' ? 'absent' : 'refused',
    error,
    hasCpuExtension: /^flags\s*:.*\b(?:vmx|svm)\b/m.test(files.text('/proc/cpuinfo') ?? ''),
    modules,
    parameters: Object.fromEntries(parameters),
  };
}
