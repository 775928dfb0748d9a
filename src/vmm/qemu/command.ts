import { TapbenchError } from '../../record/error.ts';
import type { NicSpec, OffloadSpec } from '../../record/experiment.ts';
import type { BootSpec, ReadFile, VmmCommand } from '../driver.ts';
import { kernelArguments, kernelCommandLine } from '../kernel-arguments.ts';

/** `vmm.options.machine`. */
export type QemuMachine = 'microvm' | 'q35';

export function machineOf({ configuration }: Pick<BootSpec, 'configuration'>): QemuMachine {
  return configuration.vmm.options['machine'] === 'q35' ? 'q35' : 'microvm';
}

/**
 * The microvm machine (docs/system/i386/microvm.rst): virtio-mmio found through ACPI, no PCI, no BIOS devices.
 * A guest that knows the counter's frequency needs no PIT to measure it by; one that measures hangs on a busy host, as its PIT is late.
 */
function machineType(spec: BootSpec, knowsTsc: boolean): string {
  if (machineOf(spec) === 'q35') return 'q35';
  return knowsTsc ? 'microvm,acpi=on,rtc=on,pic=off,pit=off' : 'microvm,acpi=on,rtc=on';
}

/**
 * With ACPI the microvm machine starts `bios-microvm.bin` unless it is told otherwise (hw/i386/microvm.c). That of SeaBIOS 1.16.3 (with QEMU 10)
 * puts the ACPI tables at the top of the memory, where QEMU puts the initramfs: the guest finds no devices. qboot comes with every QEMU.
 */
const microvmFirmware = 'qboot.rom';

/**
 * Emulated: not `max`, whose fast-string instructions (ERMS) more than halve the throughput of an emulated guest. RDRAND, because without
 * it the kernel gathers randomness for a second, and the first program that wants some (iperf3) waits for it.
 */
const emulatedCpu = 'qemu64,+rdrand';

/** PVM does not take the register that tells of the CPU's flaws, and QEMU aborts ("failed to set MSR 0x10a"). */
function cpuOf({ accel, isPvm }: BootSpec): string {
  if (accel === 'tcg') return emulatedCpu;
  return isPvm ? 'host,arch-capabilities=off' : 'host';
}

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

/** What QEMU gives up before the guest starts (qemu-seccomp.c): old system calls, other users, other programs, priorities. */
export const sandbox = 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny';

function queueProperties({ queues, rxQueueSize, txQueueSize }: NicSpec, machine: QemuMachine): string[] {
  return [
    ...(queues === 1 ? [] : ['mq=on']),
    // One interrupt for each queue, one for the control queue and one for changes of the configuration (docs of virtio-net-pci).
    ...(queues === 1 || machine === 'microvm' ? [] : [`vectors=${String(2 * queues + 2)}`]),
    // virtio-mmio has one size, and pays no attention to these.
    ...(rxQueueSize === null || machine === 'microvm' ? [] : [`rx_queue_size=${String(rxQueueSize)}`]),
    ...(txQueueSize === null || machine === 'microvm' ? [] : [`tx_queue_size=${String(txQueueSize)}`]),
  ];
}

function networkCard(spec: BootSpec): string[] {
  const { nic } = spec.configuration;
  const machine = machineOf(spec);
  const netdev = [
    ...['tap', 'id=net0', `ifname=${spec.tap.device}`, 'script=no', 'downscript=no'],
    `vhost=${nic.vhost ? 'on' : 'off'}`,
    ...(nic.queues === 1 ? [] : [`queues=${String(nic.queues)}`]),
  ];
  const device = [
    // Without romfile= QEMU wants a boot ROM that not every installation has.
    ...(machine === 'q35' ? ['virtio-net-pci', 'romfile='] : ['virtio-net-device']),
    ...['netdev=net0', `mac=${spec.tap.mac}`],
    ...queueProperties(nic, machine),
    ...refusedFeatures(nic.offloads),
  ];
  return ['-netdev', netdev.join(','), '-device', device.join(',')];
}

/** A comma in a name is doubled (qemu-option.c). */
function driveWord(name: string): string {
  return `if=none,id=rootfs,format=raw,readonly=on,file=${name.replaceAll(',', ',,')}`;
}

function disk(spec: BootSpec): string[] {
  if (spec.disk === null) return [];
  const device = machineOf(spec) === 'q35' ? 'virtio-blk-pci' : 'virtio-blk-device';
  return ['-drive', driveWord(spec.disk), '-device', `${device},drive=rootfs`];
}

function readFiles(kernel: string, spec: BootSpec): ReadFile[] {
  const whole = [kernel, spec.initrd].map((path): ReadFile => ({ path, word: (name) => name }));
  return spec.disk === null ? whole : [...whole, { path: spec.disk, word: driveWord }];
}

/** @throws TapbenchError `VMM_FAILED` without a kernel */
export function qemuCommand(spec: BootSpec): VmmCommand {
  const { vmm, guest } = spec.configuration;
  const kernel = spec.kernel.elf ?? spec.kernel.bzImage;
  if (kernel === null) throw new TapbenchError('VMM_FAILED', 'QEMU was given no kernel');
  const tscKhz = spec.accel === 'tcg' ? spec.tscKhz : null;
  const append = kernelCommandLine([
    ...['reboot=t', ...kernelArguments],
    ...(tscKhz === null ? [] : [`tsc_early_khz=${String(tscKhz)}`, 'tsc=reliable']),
    ...[...spec.guestArguments, guest.kernelArguments],
  ]);
  const argv = [
    spec.binary,
    // Without debug-threads=on all threads carry the name of the process, and roles can't be told apart.
    ...['-name', `guest=${spec.name},debug-threads=on`],
    ...['-machine', machineType(spec, tscKhz !== null)],
    ...(machineOf(spec) === 'microvm' ? ['-bios', microvmFirmware] : []),
    ...['-accel', spec.accel === 'tcg' ? 'tcg,thread=multi,tb-size=256' : 'kvm'],
    ...['-cpu', cpuOf(spec)],
    ...['-smp', String(vmm.vcpus), '-m', `${String(Math.ceil(vmm.memoryBytes / 2 ** 20))}M`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-serial', 'stdio'],
    ...['-sandbox', sandbox],
    ...['-kernel', kernel, '-initrd', spec.initrd, '-append', append],
    // virtio-mmio is legacy unless it is told otherwise (hw/virtio/virtio-mmio.c); PCI cards are both.
    ...(vmm.options['modern'] === true ? ['-global', 'virtio-mmio.force-legacy=false'] : []),
    ...networkCard(spec),
    // Behind the card, whose place on the bus it leaves alone.
    ...disk(spec),
  ];
  return { argv, reads: readFiles(kernel, spec), files: {}, links: {}, log: null, counters: null, powerOff: null };
}
