import { closeSync, constants, openSync } from 'node:fs';
import type { HostFacts } from '../record/host.ts';
import { type MachineFiles, machineFiles } from './machine-files.ts';
import { VerdictMemory } from './verdict-memory.ts';

/** Whether a guest really booted on this machine's KVM. */
export type KvmVerdict = HostFacts['kvm'];

/** Who booted what: a verdict on KVM is of both. */
export interface KvmBoot {
  /** Of the VMM's binary. */
  readonly vmmSha256: string;
  /** Of the guest's kernel. */
  readonly kernelSha256: string;
}

const keyOf = ({ vmmSha256, kernelSha256 }: KvmBoot): string => `${vmmSha256} ${kernelSha256}`;

/** What a boot of this kernel by this VMM on KVM has shown since the host booted; null: nobody has tried. */
export function recallKvm(cacheFolder: string, boot: KvmBoot): KvmVerdict | null {
  return new VerdictMemory(cacheFolder, 'kvm').recall(keyOf(boot));
}

/** Keeps a verdict until the host reboots. */
export function rememberKvm(cacheFolder: string, boot: KvmBoot, verdict: KvmVerdict): void {
  new VerdictMemory(cacheFolder, 'kvm').remember(keyOf(boot), verdict);
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

/** Whether /dev/kvm is that of kvm_pvm, which does without the CPU's virtualization. */
export function isPvm(files: MachineFiles = machineFiles()): boolean {
  return files.names('/sys/module').includes('kvm_pvm');
}

/** What that means for a guest's kernel. */
export const pvmWords =
  'KVM is of the kind PVM here (module kvm_pvm), which runs only guest kernels built with CONFIG_PVM_GUEST';

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
