import type { AddressRegion } from '../../record/address-region.ts';
import { ParseError } from '../../record/error.ts';
import type { Configuration } from '../../record/experiment.ts';
import type { ThreadRole } from '../../record/probe-readings.ts';
import type { HostNeed, Refusal, VmmDriver } from '../driver.ts';
import { onOff } from '../on-off.ts';
import { firecrackerCalls } from './call-table.ts';
import { firecrackerCommand } from './command.ts';
import { hasPci, isJailed } from './config.ts';
import { firecrackerFingerprints } from './fingerprint-table.ts';
import { isFirecrackerError } from './output.ts';
import { firstWithAcpi, firstWithPci, isAtLeast, releaseOf } from './version.ts';

/** Names of its threads: src/vmm/src/vstate/vcpu.rs, src/firecracker/src/api_server_adapter.rs; the main thread has the program's. */
function threadRole(name: string): ThreadRole | null {
  if (/^fc_vcpu \d+$/.test(name)) return 'vcpu';
  if (name === 'fc_api') return 'api';
  return name.startsWith('firecracker') ? 'vmm' : null;
}

/** The first line of `firecracker --version`. @throws ParseError */
function parseVersion(output: string): string {
  const match = /^Firecracker v(\d+\.\d+\S*)/m.exec(output);
  if (match?.[1] === undefined)
    throw new ParseError({ file: 'firecracker --version', path: 'line 1' }, 'no version in it');
  return match[1];
}

function refusesVersion(version: string, configuration?: Configuration): string | null {
  if (!isAtLeast(version, firstWithAcpi))
    return `Firecracker ${version} is too old: the guest finds its network card by ACPI, which came with ${firstWithAcpi.join('.')}`;
  if (configuration !== undefined && hasPci({ configuration }) && !isAtLeast(version, firstWithPci))
    return `Firecracker ${version} has no PCI (vmm.options.pci), which came with ${firstWithPci.join('.')}`;
  return null;
}

/** MAX_SUPPORTED_VCPUS of src/vmm/src/vmm_config/machine_config.rs. */
const mostVcpus = 32;
/** NET_QUEUE_SIZES of src/vmm/src/devices/virtio/net/mod.rs: one pair, of this size. */
const queueSize = 256;

function nicRefusals({ nic }: Configuration): Refusal[] {
  const fixed = `must be ${String(queueSize)}: the queues of Firecracker have this size`;
  const offered = 'Firecracker always offers it';
  return [
    ...(nic.vhost ? [{ field: 'nic.vhost', message: 'Firecracker has no vhost: it moves the packets itself' }] : []),
    ...(nic.queues > 1 ? [{ field: 'nic.queues', message: 'must be 1: Firecracker has one pair of queues' }] : []),
    ...(['rxQueueSize', 'txQueueSize'] as const)
      .filter((name) => nic[name] !== null && nic[name] !== queueSize)
      .map((name) => ({ field: `nic.${name}`, message: fixed })),
    ...(['csum', 'tso', 'mrgRxbuf'] as const)
      .filter((name) => !nic.offloads[name])
      .map((name) => ({ field: `nic.offloads.${name}`, message: `must be on: ${offered}` })),
  ];
}

function refusals(configuration: Configuration, accel: 'kvm' | 'tcg' | null): Refusal[] {
  const { vmm } = configuration;
  return [
    ...((accel ?? vmm.accel) === 'tcg'
      ? [{ field: 'vmm.accel', message: 'must be kvm or auto: Firecracker runs on KVM only' }]
      : []),
    ...(vmm.vcpus > mostVcpus ? [{ field: 'vmm.vcpus', message: `must be at most ${String(mostVcpus)}` }] : []),
    ...nicRefusals(configuration),
  ];
}

/** In the jail there are no libraries: the program that the jailer copies there (copy_exec_to_chroot of src/jailer/src/env.rs) must need none. */
function needs(configuration: Configuration): HostNeed[] {
  if (!isJailed({ configuration })) return [];
  const field = 'vmm.options.jailer';
  return [
    {
      kind: 'program',
      name: 'jailer',
      field,
      mend: `put the jailer of the same release beside it, or ${field}: false`,
    },
    {
      kind: 'static-build',
      name: 'a statically linked Firecracker',
      field,
      mend: `take a release binary or a build for musl, or ${field}: false`,
    },
  ];
}

/** Interrupt lines 5 to 23, one for each device (IRQ_BASE, GSI_LEGACY_START of src/vmm/src/arch/x86_64/layout.rs). */
const mmioDevices = 19;
/** MMIO_LEN of src/vmm/src/device_manager/mmio.rs. */
const mmioBytes = 4_096;

/**
 * Where the virtio-mmio devices begin: after the hole below 4 GiB (1.8.0, 1.12.1: MMIO_MEM_START of src/vmm/src/arch/x86_64/mod.rs), later
 * after the boot timer in a hole of 1 GiB (1.14.4, 1.16.1: MEM_32BIT_DEVICES_START of layout.rs). 1.13 was not read.
 */
function mmioStart(version: string): number | null {
  const release = releaseOf(version);
  if (release === null || (release.major === 1 && release.minor === 13)) return null;
  return isAtLeast(version, [1, 14]) ? 0xc0_00_10_00 : 0xd0_00_00_00;
}

function addressRegions(configuration: Configuration, version: string): AddressRegion[] {
  const start = hasPci({ configuration }) ? null : mmioStart(version);
  if (start === null) return [];
  return [
    {
      name: 'virtio-mmio',
      kind: 'mmio',
      start,
      lengthBytes: mmioDevices * mmioBytes,
      strideBytes: mmioBytes,
      registers: 'virtio-mmio',
    },
  ];
}

export const firecracker: VmmDriver = {
  kind: 'firecracker',
  binaryNames: ['firecracker'],
  debianPackage: null,
  versionArguments: ['--version'],
  parseVersion,
  refusesVersion,
  capabilities: { accelerators: ['kvm'], kernelFormats: ['elf'] },
  // SPECIFICATION.md: at most 5 MiB beside the memory of a guest with one vCPU and 128 MiB.
  overheadBytes: 5 * 1024 ** 2,
  options: {
    pci: {
      value: onOff,
      byDefault: false,
      about: 'virtio-net-pci with MSI-X in place of virtio-mmio (--enable-pci, 1.13 or newer).',
    },
    jailer: {
      value: onOff,
      byDefault: false,
      about: 'start it through the jailer beside it, in a jail of its own, as root.',
    },
  },
  refusals,
  needs,
  // The jailer makes the nodes of its devices. Without it its sockets are made where only we may.
  ownUser: (configuration) => (isJailed({ configuration }) ? { by: 'itself', devices: [] } : null),
  command: firecrackerCommand,
  isError: isFirecrackerError,
  threadRole,
  notification: () => 'ioeventfd',
  addressRegions,
  calls: firecrackerCalls,
  fingerprints: firecrackerFingerprints,
};
