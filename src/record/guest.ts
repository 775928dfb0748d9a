import { z } from 'zod';
import { count, integer, natural, positive } from './bounds.ts';

/** The root file system of the user's own that the tools ran in. */
export const rootfsFacts = z.strictObject({
  form: z.enum(['ext4', 'squashfs', 'folder']),
  /** Of the file; of a folder, over names, kinds, rights, owners and contents. */
  sha256: z.string(),
  /** Whose tools ran in it. */
  tools: z.enum(['image', 'rootfs']),
  /** PRETTY_NAME of its os-release; null where it has none. */
  system: z.string().nullable(),
  /** `glibc 2.36`, `musl 1.2.3`; null where it has no loader of either. */
  libc: z.string().nullable(),
  /** Version of each tool by its name. */
  programs: z.record(z.string(), z.string()),
  /** Name of its own init (/proc/1/comm), which ran with its services; absent: the guest image's, and none of them. */
  init: z.string().optional(),
});
export type RootfsFacts = z.infer<typeof rootfsFacts>;

/** Facts about the guest, as the guest itself saw them. */
export const guestFacts = z.strictObject({
  kernelRelease: z.string(),
  /** /proc/version of the guest. */
  kernelVersion: z.string(),
  kernelCommandLine: z.string(),
  cpus: positive,
  cpuModel: z.string().nullable(),
  memoryTotalBytes: count,
  clocksource: z.string().nullable(),
  nic: z.strictObject({
    device: z.string(),
    driver: z.string().nullable(),
    mac: z.string(),
    mtu: natural,
    /** TX queues of the device. */
    queues: positive,
    /** Descriptors of each queue (ethtool -g); null where the driver does not say. */
    queueSizes: z.strictObject({ rx: positive, tx: positive }).nullable(),
    /** What the virtio device is behind; null where it was not read. */
    transport: z.enum(['mmio', 'pci']).nullable().default(null),
    /** How it interrupts the guest: messages (MSI-X), or a line that the guest has to acknowledge at the device; null where it was not read. */
    interrupts: z.enum(['msi-x', 'line']).nullable().default(null),
    /** Negotiated virtio feature bits, in ascending order. */
    virtioFeatureBits: z.array(integer),
    /** Their names in the virtio specification. */
    virtioFeatures: z.array(z.string()),
    /** ethtool -k, by feature. */
    offloads: z.record(z.string(), z.boolean()),
  }),
  congestionControl: z.string(),
  /** sysctl key (dotted) to value, those that shape TCP. */
  sysctls: z.record(z.string(), z.string()),
  /** sha256 of what was booted. */
  kernelSha256: z.string(),
  initrdSha256: z.string(),
  imageId: z.string().nullable(),
  /** Absent where the tools ran in the guest image's own. */
  rootfs: rootfsFacts.optional(),
});
export type GuestFacts = z.infer<typeof guestFacts>;
