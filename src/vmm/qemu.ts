import { ParseError, TapbenchError } from '../record/error.ts';
import type { OffloadSpec } from '../record/experiment.ts';
import type { ThreadRole } from '../record/probe-readings.ts';
import type { BootSpec, VmmCommand, VmmDriver } from './driver.ts';

/** Kernel parameters of every guest. What each of the last two won at boot stands in docs/adding-a-vmm.md; neither touches the network. */
const kernelArguments = [
  ...['console=ttyS0', 'reboot=t', 'panic=-1', 'quiet', 'loglevel=1', 'ipv6.disable=1'],
  'cryptomgr.notests',
  'initcall_blacklist=crypto_kdf108_init,load_system_certificate_list,init_kprobe_trace,tracer_init_tracefs,trace_eval_init',
];

/**
 * QEMU's microvm machine (docs/system/i386/microvm.rst): virtio-mmio found through ACPI, no PCI, no BIOS devices.
 * A guest that knows the counter's frequency needs no PIT to measure it by; one that measures hangs on a busy host, as its PIT is late.
 */
function machine(spec: BootSpec): { machine: string; kernelArguments: string[] } {
  if (spec.accel === 'kvm') return { machine: 'microvm,acpi=on,rtc=on', kernelArguments: [] };
  if (spec.tscKhz === null) return { machine: 'microvm,acpi=on,rtc=on', kernelArguments: [] };
  return {
    machine: 'microvm,acpi=on,rtc=on,pic=off,pit=off',
    kernelArguments: [`tsc_early_khz=${String(spec.tscKhz)}`, 'tsc=reliable'],
  };
}

/**
 * Emulated: not `max`, whose fast-string instructions (ERMS) more than halve the throughput of an emulated guest. RDRAND, because without
 * it the kernel gathers randomness for a second, and the first program that wants some (iperf3) waits for it.
 */
const cpus = { kvm: 'host', tcg: 'qemu64,+rdrand' } as const;

/**
 * What the virtio network card must not offer (properties of hw/net/virtio-net.c). The features for segments of UDP (UFO) go with those of TCP:
 * a card without segmentation offload has neither.
 */
function refusedFeatures({ csum, tso, mrgRxbuf }: OffloadSpec): string[] {
  return [
    ...(csum ? [] : ['csum', 'guest_csum']),
    ...(tso
      ? []
      : ['host_tso4', 'host_tso6', 'host_ecn', 'host_ufo', 'guest_tso4', 'guest_tso6', 'guest_ecn', 'guest_ufo']),
    ...(mrgRxbuf ? [] : ['mrg_rxbuf']),
  ].map((feature) => `${feature}=off`);
}

function command(spec: BootSpec): VmmCommand {
  const { vmm, guest, nic } = spec.configuration;
  const kernel = spec.kernel.elf ?? spec.kernel.bzImage;
  if (kernel === null) throw new TapbenchError('VMM_FAILED', 'QEMU was given no kernel');
  const { machine: machineType, kernelArguments: machineArguments } = machine(spec);
  const append = [...kernelArguments, ...machineArguments, ...spec.guestArguments, guest.kernelArguments].filter(
    (part) => part !== '',
  );
  const argv = [
    spec.binary,
    // Without debug-threads=on all threads carry the name of the process, and roles can't be told apart.
    ...['-name', `guest=${spec.name},debug-threads=on`],
    ...['-machine', machineType],
    ...['-accel', spec.accel === 'tcg' ? 'tcg,thread=multi,tb-size=256' : 'kvm'],
    ...['-cpu', cpus[spec.accel]],
    ...['-smp', String(vmm.vcpus), '-m', `${String(Math.ceil(vmm.memoryBytes / 2 ** 20))}M`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', 'stdio'],
    ...['-kernel', kernel, '-initrd', spec.initrd, '-append', append.join(' ')],
    ...['-netdev', `tap,id=net0,ifname=${spec.tap.device},script=no,downscript=no,vhost=off`],
    ...[
      '-device',
      ['virtio-net-device', 'netdev=net0', `mac=${spec.tap.mac}`, ...refusedFeatures(nic.offloads)].join(','),
    ],
  ];
  return { argv, files: {} };
}

/** Thread names of QEMU with debug-threads=on: `CPU N/KVM`, `CPU N/TCG`, `worker`, `call_rcu`, and the main thread under the program's name. */
function threadRole(name: string, isMain: boolean): ThreadRole {
  if (isMain) return 'vmm';
  if (/^CPU \d+\//.test(name)) return 'vcpu';
  if (name.startsWith('vhost-')) return 'vhost';
  return 'worker';
}

/** The first line of `qemu-system-x86_64 --version`. @throws ParseError */
function parseVersion(output: string): string {
  const match = /QEMU emulator version (\S+)/.exec(output);
  if (match?.[1] === undefined) throw new ParseError({ file: 'qemu --version', path: 'line 1' }, 'no version in it');
  return match[1];
}

export const qemu: VmmDriver = {
  kind: 'qemu',
  binaryNames: ['qemu-system-x86_64', 'kvm'],
  debianPackage: 'qemu-system-x86',
  versionArguments: ['--version'],
  parseVersion,
  capabilities: { accelerators: ['kvm', 'tcg'], kernelFormats: ['elf', 'bzImage'] },
  command,
  threadRole,
};
