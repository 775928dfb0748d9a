import { isPvm, type KvmFacts, type KvmVerdict, quickKvmFacts } from '../kvm-verdict.ts';
import { type MachineFiles, machineFiles } from '../machine-files.ts';
import { moduleMend } from './module-mend.ts';
import { type Requirement, requirement } from './requirement.ts';

function openable(path: string, error: string | null): string {
  return error === null ? `${path} opens` : error === 'ENOENT' ? `no ${path}` : `${path}: ${error}`;
}

/** The module that drives the virtualization which the CPU says it has. */
function kvmModules(files: MachineFiles): string[] {
  const flag = /^flags\s*:.*\b(vmx|svm)\b/m.exec(files.text('/proc/cpuinfo') ?? '')?.[1];
  if (flag === undefined) return [];
  return [flag === 'vmx' ? 'kvm_intel' : 'kvm_amd'];
}

function kvmMend(verdict: KvmVerdict | null, device: KvmFacts['device'], files: MachineFiles): string | null {
  if (verdict === null) return 'tapbench run quick';
  if (device === 'absent') return moduleMend(files, kvmModules(files));
  return isPvm(files) ? 'tapbench run quick --guest.kernel FILE, a kernel built with CONFIG_PVM_GUEST' : null;
}

/** KVM and its companions. The verdict is that of a real boot: a device that opens is no proof. */
export function checkKvm(verdict: KvmVerdict | null, files: MachineFiles = machineFiles()): Requirement[] {
  const kvm = quickKvmFacts('/dev/kvm', files);
  const vhost = quickKvmFacts('/dev/vhost-net', files);
  const outside = `${openable('/dev/kvm', kvm.error)}, modules ${kvm.modules.join(' ') || 'none'}`;
  return [
    requirement({
      name: 'KVM',
      isOk: verdict?.isUsable === true,
      what:
        verdict === null
          ? `unknown until a guest has booted; ${outside}`
          : `${verdict.isUsable ? 'guests run' : 'guests do not run'}: ${verdict.reason}${isPvm(files) ? '' : `; ${outside}`}`,
      meaning: 'without it the CPU is emulated: figures are not comparable with hardware virtualisation',
      mend: kvmMend(verdict, kvm.device, files),
      isVital: false,
    }),
    requirement({
      name: 'vhost-net',
      isOk: vhost.device === 'opens',
      what: openable('/dev/vhost-net', vhost.error),
      meaning: "without it only the VMM's own network back end can be measured",
      mend: moduleMend(files, ['vhost_net']),
      isVital: false,
    }),
  ];
}
