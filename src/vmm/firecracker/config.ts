import { TapbenchError } from '../../record/error.ts';
import type { BootSpec } from '../driver.ts';
import { kernelArguments, kernelCommandLine } from '../kernel-arguments.ts';
import { isAtLeast } from './version.ts';

/** Name of its network card in its configuration and its metrics. */
export const interfaceId = 'eth0';

/** Where its own files are, as it sees them itself: in a jail that is inside of it. */
export interface FirecrackerPaths {
  readonly kernel: string;
  readonly initrd: string;
  readonly metrics: string;
  /** null: there is none. */
  readonly disk: string | null;
}

/** `vmm.options.pci`. */
export function hasPci({ configuration }: Pick<BootSpec, 'configuration'>): boolean {
  return configuration.vmm.options['pci'] === true;
}

/** `vmm.options.jailer`. */
export function isJailed({ configuration }: Pick<BootSpec, 'configuration'>): boolean {
  return configuration.vmm.options['jailer'] === true;
}

/** The kernel that it boots. @throws TapbenchError `VMM_FAILED` where there is none that is ELF */
export function elfKernel({ kernel }: Pick<BootSpec, 'kernel'>): string {
  if (kernel.elf !== null) return kernel.elf;
  throw new TapbenchError('VMM_FAILED', 'Firecracker boots an ELF kernel (vmlinux), and was given none', {
    hint: 'guest.kernel must be an uncompressed vmlinux, or null',
  });
}

/**
 * Resets by the keyboard controller, which is how Firecracker learns of the guest's end (its only way: its ACPI has no power-off), and leaves out
 * the probing of mice and multiplexers at it, as its own default line does (src/vmm/src/vmm_config/boot_source.rs, DEFAULT_KERNEL_CMDLINE).
 * Since 1.14 it adds `pci=off` by itself where PCI is off (src/vmm/src/builder.rs).
 */
function bootArguments(spec: BootSpec): string {
  const isPciSwitchedOff = !hasPci(spec) && !isAtLeast(spec.version, [1, 14]);
  return kernelCommandLine([
    ...['reboot=k', 'i8042.noaux', 'i8042.nomux', 'i8042.dumbkbd'],
    ...(isPciSwitchedOff ? ['pci=off'] : []),
    ...kernelArguments,
    ...spec.guestArguments,
    spec.configuration.guest.kernelArguments,
  ]);
}

/** struct BlockDeviceConfig of src/vmm/src/vmm_config/drive.rs. Not the root device of the kernel: that is the initramfs. */
function drivesOf({ disk }: FirecrackerPaths): object[] {
  if (disk === null) return [];
  return [{ drive_id: 'rootfs', path_on_host: disk, is_root_device: false, is_read_only: true }];
}

/**
 * The whole machine for `--config-file` (struct VmmConfig of src/vmm/src/resources.rs; the same fields from 1.8 to 1.16). `drives` must be there.
 * No `mtu` of the card: only 1.16 has it, and it would add a virtio feature (VIRTIO_NET_F_MTU) to that version's path; the guest's init sets the MTU.
 */
export function firecrackerConfig(spec: BootSpec, paths: FirecrackerPaths): string {
  const { vmm } = spec.configuration;
  const config = {
    'boot-source': { kernel_image_path: paths.kernel, initrd_path: paths.initrd, boot_args: bootArguments(spec) },
    drives: drivesOf(paths),
    'machine-config': { vcpu_count: vmm.vcpus, mem_size_mib: Math.ceil(vmm.memoryBytes / 2 ** 20) },
    'network-interfaces': [{ iface_id: interfaceId, host_dev_name: spec.tap.device, guest_mac: spec.tap.mac }],
    metrics: { metrics_path: paths.metrics },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
