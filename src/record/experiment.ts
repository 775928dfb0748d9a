import { z } from 'zod';
import { specSchemas } from '../workload/workloads.ts';
import { integer, name, natural, positive } from './bounds.ts';
import { mostLoads } from './place-names.ts';

/**
 * The experiment as it is stored: every default filled in, every unit a base unit.
 * What users write (YAML, with units and defaults) is read by `experiment/`.
 */

/** Choices that only one VMM has, such as QEMU's machine; its driver says which there are. */
export const vmmOptions = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type VmmOptions = z.infer<typeof vmmOptions>;

const oneVmm = {
  /** Name of a driver of `vmm/drivers.ts`. */
  kind: z.string().min(1),
  /** `auto` takes KVM where a guest has really booted on it, else TCG. */
  accel: z.enum(['auto', 'kvm', 'tcg']),
  /** Path of the VMM's binary; null: found by `TAPBENCH_VMM_DIR`, then PATH. */
  binary: z.string().nullable(),
  vcpus: positive,
  memoryBytes: positive,
  /** Every option that the VMM's driver has, defaults filled in. */
  options: vmmOptions,
};

export const vmmSpec = z.strictObject({
  ...oneVmm,
  /** That of the guests at the servers' end, where theirs is not that of the clients'; absent: it is the same. */
  server: z.strictObject(oneVmm).optional(),
});
export type VmmSpec = z.infer<typeof vmmSpec>;

export const guestSpec = z.strictObject({
  /** Path of the user's own kernel; null: the kernel of the guest image. */
  kernel: z.string().nullable(),
  /** Path of the user's own initramfs (it must speak the guest channel); null: the guest image's. */
  initrd: z.string().nullable(),
  /** Path of a root file system of the user's own, a raw image or a folder; absent: the tools run in the guest image's. */
  rootfs: z.string().optional(),
  /** Whose tools run in it. */
  tools: z.enum(['image', 'rootfs']).optional(),
  /** Whose init boots; absent: the guest image's. */
  init: z.enum(['ours', 'theirs']).optional(),
  /** Path of the modules of the user's own kernel (`lib/modules/RELEASE`); absent: it has all that is needed built in. */
  modules: z.string().optional(),
  /** Appended to the kernel command line. */
  kernelArguments: z.string(),
  /** TCP congestion control in the guest; null: the kernel's default. */
  congestionControl: z.string().nullable(),
});
export type GuestSpec = z.infer<typeof guestSpec>;

/** What the path may leave to its other end. `true`: as the VMM and the kernels do by themselves; `false`: switched off on every end that has it. */
export const offloadSpec = z.strictObject({
  /** Checksums (virtio CSUM and GUEST_CSUM). */
  csum: z.boolean(),
  /** Segments of TCP and UDP larger than the MTU cross the device whole (virtio HOST_TSO4, GUEST_TSO4, ... and UFO). */
  tso: z.boolean(),
  /** Generic segmentation in software, at both ends (ethtool gso). */
  gso: z.boolean(),
  /** Merged receive buffers (virtio MRG_RXBUF). */
  mrgRxbuf: z.boolean(),
});
export type OffloadSpec = z.infer<typeof offloadSpec>;

export const nicSpec = z.strictObject({
  mtu: integer.min(68).max(65_535),
  offloads: offloadSpec,
  /** The kernel of the host moves the packets (vhost_net), not the VMM. */
  vhost: z.boolean(),
  /** Queue pairs of the network card. */
  queues: positive,
  /** Descriptors of each receive and each transmit queue; null: the VMM's default. */
  rxQueueSize: positive.nullable(),
  txQueueSize: positive.nullable(),
});
export type NicSpec = z.infer<typeof nicSpec>;

export const traceSpec = z.strictObject({
  /**
   * `separate`: a traced window follows each measured one; `inline`: the measured window is traced; `off`: no system calls;
   * `lab-note`: the measured window is traced by the kind of bpftrace script that lab notes are made with, to see what that costs.
   */
  mode: z.enum(['separate', 'inline', 'off', 'lab-note']),
  /** Also sum the time spent in each system call. Costs more. */
  timing: z.boolean(),
  /** Length of the traced window in `separate` mode. */
  durationNs: positive,
});
export type TraceSpec = z.infer<typeof traceSpec>;

export const topologyName = z.enum(['vm-to-host', 'host-to-vm', 'vm-to-vm', 'host-to-host']);
export type TopologyName = z.infer<typeof topologyName>;

/** More guests than one host carries well, and all that its addresses have room for. */
export const mostPairs = 64;
/** Records that say nothing have one. */
export const pairCount = integer.min(1).max(mostPairs).default(1);

/** One of the workloads that `src/workload/` knows. */
export const workloadSpec = z.discriminatedUnion('kind', specSchemas);
export type WorkloadSpec = z.infer<typeof workloadSpec>;

/** Windows that are shared in one boot: each workload is looked for in all of them. */
export const mostSharedWindows = 100;

/** Names of the workloads that share a window, for each window of several; absent where each has one for itself. */
export const together = z
  .array(
    z
      .array(z.string())
      .min(2)
      .max(mostLoads + 1),
  )
  .min(1)
  .max(mostSharedWindows, { abort: true })
  .optional();

/** Names of the configurations that a ceiling is of: the same work host to host; absent in all that are none. */
export const ceilingOf = z.array(name.min(1)).min(1).optional();

/** Who can be kept on CPUs of its own. `client` and `server` are the load generators that run on this host. */
export const pinnedRole = z.enum(['vcpu', 'vmm', 'vhost', 'client', 'server']);
export type PinnedRole = z.infer<typeof pinnedRole>;

/** What is done to the host for a trial, and undone after it. null: left as it is. */
export const prepareSpec = z.strictObject({
  /** `none`; `auto`: each role on a core of its own as far as cores suffice; or logical CPUs by role. */
  pin: z.union([z.enum(['none', 'auto']), z.partialRecord(pinnedRole, z.array(natural).min(1))]),
  /** Scaling governor of every CPU, such as `performance`. */
  governor: z.string().min(1).nullable(),
  turbo: z.boolean().nullable(),
  /** Longest exit latency, in microseconds, of an idle state that CPUs may enter; 0 keeps them polling. */
  idleLatencyUs: natural.nullable(),
  /** Kernel samepage merging. */
  ksm: z.boolean().nullable(),
  transparentHugepages: z.enum(['always', 'madvise', 'never']).nullable(),
  /** Whether the irqbalance daemon may move interrupts; false pauses it. */
  irqbalance: z.boolean().nullable(),
});
export type PrepareSpec = z.infer<typeof prepareSpec>;

/** One full choice of everything that shapes a figure, under a name that is unique in its experiment. */
export const configuration = z.strictObject({
  name: name.min(1),
  /** What the matrix chose for it: path of the field in the file (`nic.mtu`) to the value as text. Empty without a matrix. */
  factors: z.record(name, z.string().max(10_000)),
  topology: topologyName,
  /** How often its pair of client and server is there, side by side. */
  pairs: pairCount,
  vmm: vmmSpec,
  guest: guestSpec,
  nic: nicSpec,
  trace: traceSpec,
  prepare: prepareSpec,
  /** Empty only in a failed trial of schema 1, which did not say what it would have measured. */
  workloads: z.array(workloadSpec),
  together,
  ceilingOf,
});
export type Configuration = z.infer<typeof configuration>;

export const experiment = z.strictObject({
  name: name.min(1),
  description: z.string(),
  /** Blocks, and so boots of each configuration. */
  boots: positive,
  /** `shuffled`: drawn anew for each block; `abba`: forwards and backwards by turns; `sequential`: as in the file. */
  order: z.enum(['shuffled', 'abba', 'sequential']),
  /** Seeds the order of trials inside each block. */
  seed: natural,
  /** Wall time that the run may take: it chose `boots`, and no block is begun that would pass it. null: no limit. */
  budgetNs: positive.nullable(),
  /** How long the host is left alone before each boot. */
  settleNs: natural,
  /** Traffic of each workload before its measured window, kept out of every figure. */
  warmupNs: natural,
  /** Limit on one boot from exec to a guest that answers. */
  bootTimeoutNs: positive,
  /** Limit on the whole run; null: none. */
  timeoutNs: positive.nullable(),
  configurations: z.array(configuration).min(1),
});
export type Experiment = z.infer<typeof experiment>;
