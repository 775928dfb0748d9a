import { type KvmVerdict, quickKvmFacts } from '../kvm-verdict.ts';
import { type Requirement, requirement } from './requirement.ts';

function openable(path: string, error: string | null): string {
  return error === null ? `${path} opens` : error === 'ENOENT' ? `no ${path}` : `${path}: ${error}`;
}

/** KVM and its companions. The verdict is that of a real boot: a device that opens is no proof. */
export function checkKvm(verdict: KvmVerdict | null): Requirement[] {
  const kvm = quickKvmFacts();
  const vhost = quickKvmFacts('/dev/vhost-net');
  const outside = `${openable('/dev/kvm', kvm.error)}, modules ${kvm.modules.join(' ') || 'none'}`;
  return [
    requirement({
      name: 'KVM',
      isOk: verdict?.isUsable === true,
      what:
        verdict === null
          ? `unknown until a guest has booted; ${outside}`
          : `${verdict.isUsable ? 'guests run' : 'guests do not run'}: ${verdict.reason}; ${outside}`,
      meaning: 'without it the CPU is emulated: figures are not comparable with hardware virtualisation',
      mend:
        verdict === null
          ? 'tapbench run quick'
          : kvm.device === 'absent'
            ? 'modprobe kvm_intel || modprobe kvm_amd'
            : null,
      isVital: false,
    }),
    requirement({
      name: 'vhost-net',
      isOk: vhost.device === 'opens',
      what: openable('/dev/vhost-net', vhost.error),
      meaning: "without it only the VMM's own network back end can be measured",
      mend: 'modprobe vhost_net',
      isVital: false,
    }),
  ];
}
