import type { FoundVmm } from './found-vmms.ts';

/** As `quick`, but shorter, and traced while it is measured: half the windows, and counts are what is asked of a nested machine. */
const common = `
topology: vm-to-host
boots: 1
order: sequential
trace:
  mode: inline
workloads:
  - kind: iperf3
    duration: 2s
    streams: 4
  - kind: sockperf
    duration: 2s
    mode: ping-pong
    messageBytes: 64
`;

/** QEMU on both of its machines, with vhost and without. */
export const qemuExperiment = `name: kvm-qemu
vmm:
  accel: kvm
matrix:
  vmm.options.machine: [microvm, q35]
  nic.vhost: [false, true]
${common}`;

/** One VMM as its driver starts it when nothing else is said. */
export function vmmExperiment({ kind, binary }: FoundVmm): string {
  return `name: kvm-${kind}
vmm:
  kind: ${kind}
  accel: kvm
  binary: ${binary}
${common}`;
}

/** The same in its jail. */
export function jailedExperiment({ kind, binary }: FoundVmm): string {
  return `name: kvm-${kind}-jailed
vmm:
  kind: ${kind}
  accel: kvm
  binary: ${binary}
  options: { jailer: on }
${common}`;
}

/** A guest of QEMU and one of another VMM, with figures and counts of each. */
export function mixedExperiment({ kind, binary }: FoundVmm): string {
  return `name: kvm-qemu-to-${kind}
vmm:
  accel: kvm
  server: { kind: ${kind}, binary: ${binary} }
${common.replace('vm-to-host', 'vm-to-vm')}`;
}
