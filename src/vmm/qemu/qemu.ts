import { z } from 'zod';
import type { AddressRegion } from '../../record/address-region.ts';
import { ParseError } from '../../record/error.ts';
import type { Configuration } from '../../record/experiment.ts';
import type { ThreadRole } from '../../record/probe-readings.ts';
import type { Refusal, VmmDriver } from '../driver.ts';
import { onOff } from '../on-off.ts';
import { isVhostThread, vhostNeeds } from '../vhost.ts';
import { qemuCalls } from './call-table.ts';
import { machineOf, qemuCommand } from './command.ts';
import { qemuFingerprints } from './fingerprint-table.ts';
import { isQemuError } from './output.ts';

/** Thread names of QEMU with debug-threads=on: `CPU N/KVM`, `CPU N/TCG`, `worker`, `call_rcu`, and the main thread under the program's name, of which 15 characters are kept. */
function threadRole(name: string): ThreadRole | null {
  if (/^qemu-system-\w*$/.test(name)) return 'vmm';
  if (/^CPU \d+\//.test(name)) return 'vcpu';
  if (isVhostThread(name)) return 'vhost';
  return name === 'call_rcu' || name === 'worker' ? 'worker' : null;
}

/** The first line of `qemu-system-x86_64 --version`. @throws ParseError */
function parseVersion(output: string): string {
  const match = /QEMU emulator version (\S+)/.exec(output);
  if (match?.[1] === undefined) throw new ParseError({ file: 'qemu --version', path: 'line 1' }, 'no version in it');
  return match[1];
}

/** The first with ACPI on its microvm machine, which the guest finds its devices by. */
const leastVersion = 6;

function refusesVersion(version: string): string | null {
  const major = Number.parseInt(version, 10);
  return major >= leastVersion ? null : `QEMU ${version} is too old: ${String(leastVersion)}.0 or newer is needed`;
}

/** Queue sizes that virtio-net takes with a tap behind it (hw/net/virtio-net.c: powers of two from 256; what is sent may not be more than 256 then). */
const queueSizes = { least: 256, mostReceive: 1024, mostSend: 256 };
/** A tap has at most this many queues (MAX_TAP_QUEUES of the kernel). */
const mostQueues = 256;

/** Over virtio-mmio the guest is told this length whatever the card was given, and takes it (VIRTIO_MMIO_QUEUE_NUM_MAX of hw/virtio/virtio-mmio.c). */
const mmioQueueSize = 1024;

function isQueueSize(size: number | null, most: number): boolean {
  return size === null || (Number.isInteger(Math.log2(size)) && size >= queueSizes.least && size <= most);
}

function queueSizeRefusals(configuration: Configuration): Refusal[] {
  const { rxQueueSize, txQueueSize } = configuration.nic;
  const { least, mostReceive, mostSend } = queueSizes;
  if (machineOf({ configuration }) === 'microvm') {
    const message = `must be ${String(mmioQueueSize)} or null: the guest takes no other on the microvm machine (on q35 a power of two from ${String(least)})`;
    return Object.entries({ rxQueueSize, txQueueSize })
      .filter(([, size]) => size !== null && size !== mmioQueueSize)
      .map(([name]) => ({ field: `nic.${name}`, message }));
  }
  return [
    ...(isQueueSize(rxQueueSize, mostReceive)
      ? []
      : [{ field: 'nic.rxQueueSize', message: `must be a power of two, ${String(least)} to ${String(mostReceive)}` }]),
    ...(isQueueSize(txQueueSize, mostSend)
      ? []
      : [{ field: 'nic.txQueueSize', message: `must be ${String(mostSend)}: QEMU has no other behind a tap` }]),
  ];
}

function refusals(configuration: Configuration, accel: 'kvm' | 'tcg' | null): Refusal[] {
  const { nic, vmm } = configuration;
  return [
    ...(nic.vhost && (accel ?? vmm.accel) === 'tcg'
      ? [{ field: 'nic.vhost', message: 'needs KVM: QEMU notifies vhost through it' }]
      : []),
    ...(nic.queues > mostQueues ? [{ field: 'nic.queues', message: `at most ${String(mostQueues)} in a tap` }] : []),
    ...queueSizeRefusals(configuration),
    ...(vmm.options['modern'] === true && vmm.options['machine'] !== 'microvm'
      ? [{ field: 'vmm.options.modern', message: 'only on the microvm machine: cards on PCI are both' }]
      : []),
  ];
}

/** virtio-mmio transports of the microvm machine (include/hw/i386/microvm.h: VIRTIO_MMIO_BASE, 512 bytes each, at most 24). q35 places its devices at boot. */
function addressRegions(configuration: Configuration): AddressRegion[] {
  if (machineOf({ configuration }) === 'q35') return [];
  return [
    {
      name: 'virtio-mmio',
      kind: 'mmio',
      start: 0xfe_b0_00_00,
      lengthBytes: 24 * 512,
      strideBytes: 512,
      registers: 'virtio-mmio',
    },
  ];
}

export const qemu: VmmDriver = {
  kind: 'qemu',
  binaryNames: ['qemu-system-x86_64', 'kvm'],
  debianPackage: 'qemu-system-x86',
  versionArguments: ['--version'],
  parseVersion,
  refusesVersion,
  capabilities: { accelerators: ['kvm', 'tcg'], kernelFormats: ['elf', 'bzImage'] },
  // Measured: QEMU 7.2 under TCG with one vCPU had 159 MiB resident beside the memory of its guest, translated code and the initramfs among it.
  overheadBytes: 160 * 1024 ** 2,
  options: {
    machine: {
      value: z.enum(['microvm', 'q35']),
      byDefault: 'microvm',
      about: 'microvm: virtio-mmio, found through ACPI, no PCI; q35: virtio-net-pci with MSI-X.',
    },
    modern: {
      value: onOff,
      byDefault: false,
      about: 'microvm: VIRTIO 1 in place of the legacy interface that is its default, as other VMMs have it.',
    },
  },
  refusals,
  needs: vhostNeeds,
  ownUser: (configuration, accel) => ({
    by: 'lab',
    devices: [
      '/dev/net/tun',
      ...(accel === 'kvm' ? ['/dev/kvm'] : []),
      ...vhostNeeds(configuration).map(({ name }) => name),
    ],
  }),
  command: qemuCommand,
  isError: isQemuError,
  threadRole,
  notification: ({ nic }, accel) => (nic.vhost ? 'vhost' : accel === 'kvm' ? 'ioeventfd' : 'vmm-exit'),
  addressRegions,
  calls: qemuCalls,
  fingerprints: qemuFingerprints,
};
