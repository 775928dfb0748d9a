import type { AddressRegion } from '../../record/address-region.ts';
import { ParseError } from '../../record/error.ts';
import type { Configuration, NicSpec } from '../../record/experiment.ts';
import type { ThreadRole } from '../../record/probe-readings.ts';
import type { Refusal, VmmDriver } from '../driver.ts';
import { cloudHypervisorCalls } from './call-table.ts';
import { cloudHypervisorCommand, diskId } from './command.ts';
import { cloudHypervisorFingerprints } from './fingerprint-table.ts';
import { isCloudHypervisorError } from './output.ts';

/** Of `vmm_signal_handler` 15 characters are kept. Devices whose id begins with two underscores are its own: `__rng` is always there. */
const workers = /^(vmm_signal_hand|serial-manager|event-monitor|payload_loader|__\w+)$/;
/** One thread a queue pair and one for the control queue, after the id of the card: `net0_qp0`, `net0_ctrl`; without an id of ours `_net1_qp0`. */
const netThreads = /^(net|_net)\d+_(qp\d+|ctrl)$/;
/** One a queue of the disk: virtio-devices/src/block.rs. */
const diskThreads = new RegExp(`^${diskId}_q\\d+$`);

/**
 * Names of its threads: vmm/src/{lib,cpu,serial_manager}.rs, vmm/src/api/http/mod.rs, virtio-devices/src/net.rs. The main thread, under the
 * program's name, only waits for `vmm`, which is the control loop.
 */
function threadRole(name: string): ThreadRole | null {
  if (name === 'vmm' || name === 'cloud-hyperviso') return 'vmm';
  if (/^vcpu\d+$/.test(name)) return 'vcpu';
  if (netThreads.test(name)) return 'net';
  if (name === 'http-server') return 'api';
  return workers.test(name) || diskThreads.test(name) ? 'worker' : null;
}

/** The first line of `cloud-hypervisor --version`. @throws ParseError */
function parseVersion(output: string): string {
  const match = /^cloud-hypervisor v(\d+\.\S+)/m.exec(output);
  if (match?.[1] === undefined)
    throw new ParseError({ file: 'cloud-hypervisor --version', path: 'line 1' }, 'no version in it');
  return match[1];
}

/** The first with `--serial socket=` (release notes of v36.0). The other flags are older: `offload_*` of `--net` came with v29.0. */
const leastVersion = 36;

function refusesVersion(version: string): string | null {
  return Number.parseInt(version, 10) >= leastVersion
    ? null
    : `Cloud Hypervisor ${version} is too old: the guest's console is a socket, which came with ${String(leastVersion)}.0`;
}

const queueSizes = {
  /** default_netconfig_queue_size of vmm/src/vm_config.rs. */
  byDefault: 256,
  /** One buffer of the guest may need MAX_SKB_FRAGS + 2 = 19 descriptors (drivers/net/virtio_net.c), as the card has no indirect ones. */
  least: 32,
  /** MAX_QUEUE_SIZE of the crate virtio-queue. Others than powers of two end 51.2 with a panic. */
  most: 32_768,
} as const;

function queueSizeRefusals({ rxQueueSize, txQueueSize }: NicSpec): Refusal[] {
  const { byDefault, least, most } = queueSizes;
  const [rx, tx] = [rxQueueSize ?? byDefault, txQueueSize ?? byDefault];
  const message = `must be a power of two, ${String(least)} to ${String(most)}`;
  const isSize = (size: number): boolean => Number.isInteger(Math.log2(size)) && size >= least && size <= most;
  return [
    ...(isSize(rx) ? [] : [{ field: 'nic.rxQueueSize', message }]),
    ...(isSize(tx) ? [] : [{ field: 'nic.txQueueSize', message }]),
    ...(rx === tx
      ? []
      : [
          {
            field: 'nic.txQueueSize',
            message: `must be that of nic.rxQueueSize (${String(rx)}): Cloud Hypervisor has one size for both`,
          },
        ]),
  ];
}

/** `mrgRxbuf` is no matter for refusals: the card offers it in no version (virtio-devices/src/net.rs of 44.0, 51.2, 53.0), so `off` is what it is. */
function refusals({ nic, vmm, guest }: Configuration, accel: 'kvm' | 'tcg' | null): Refusal[] {
  return [
    ...((accel ?? vmm.accel) === 'tcg'
      ? [{ field: 'vmm.accel', message: 'must be kvm or auto: Cloud Hypervisor runs on KVM only' }]
      : []),
    ...(nic.vhost
      ? [{ field: 'nic.vhost', message: 'Cloud Hypervisor has no vhost of the kernel: it moves the packets itself' }]
      : []),
    // TooManyQueues of vmm/src/config.rs.
    ...(nic.queues > vmm.vcpus
      ? [{ field: 'nic.queues', message: `must be at most vmm.vcpus (${String(vmm.vcpus)}) with Cloud Hypervisor` }]
      : []),
    ...queueSizeRefusals(nic),
    ...(guest.rootfs?.includes('"') === true
      ? [{ field: 'guest.rootfs', message: 'must have no quotation mark in its path: Cloud Hypervisor takes none' }]
      : []),
  ];
}

/** What it does not place at boot, as it does the registers of its PCI devices: vmm/src/device_manager.rs, arch/src/x86_64/layout.rs of 44.0, 51.2, 53.0. */
const addressRegions: readonly AddressRegion[] = [
  { name: 'ACPI power and reset', kind: 'pio', start: 0x600, lengthBytes: 4 },
  { name: 'ACPI timer', kind: 'pio', start: 0x608, lengthBytes: 4 },
  { name: 'PCI configuration', kind: 'mmio', start: 0xe800_0000, lengthBytes: 256 * 2 ** 20 },
];

export const cloudHypervisor: VmmDriver = {
  kind: 'cloud-hypervisor',
  binaryNames: ['cloud-hypervisor'],
  debianPackage: null,
  versionArguments: ['--version'],
  parseVersion,
  refusesVersion,
  capabilities: { accelerators: ['kvm'], kernelFormats: ['elf', 'bzImage'] },
  // Not known: nobody measured it, and its documents name no bound.
  overheadBytes: 0,
  options: {},
  refusals,
  needs: () => [],
  // Its sockets are made where only we may.
  ownUser: () => null,
  command: cloudHypervisorCommand,
  isError: isCloudHypervisorError,
  threadRole,
  notification: () => 'ioeventfd',
  addressRegions: () => addressRegions,
  calls: cloudHypervisorCalls,
  fingerprints: cloudHypervisorFingerprints,
};
