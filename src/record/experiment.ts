import { z } from 'zod';

/**
 * The experiment as it is stored: every default filled in, every unit a base unit.
 * What users write (YAML, with units and defaults) is read by `experiment/`.
 */

const positiveInteger = z.int().positive();

export const vmmSpec = z.strictObject({
  kind: z.enum(['qemu']),
  /** `auto` takes KVM where a guest has really booted on it, else TCG. */
  accel: z.enum(['auto', 'kvm', 'tcg']),
  /** Path of the VMM's binary; null: found by `TAPBENCH_VMM_DIR`, then PATH. */
  binary: z.string().nullable(),
  vcpus: positiveInteger,
  memoryBytes: positiveInteger,
});
export type VmmSpec = z.infer<typeof vmmSpec>;

export const guestSpec = z.strictObject({
  /** Path of the user's own kernel; null: the kernel of the guest image. */
  kernel: z.string().nullable(),
  /** Path of the user's own initramfs (it must speak the guest channel); null: the guest image's. */
  initrd: z.string().nullable(),
  /** Appended to the kernel command line. */
  kernelArguments: z.string(),
  /** TCP congestion control in the guest; null: the kernel's default. */
  congestionControl: z.string().nullable(),
});
export type GuestSpec = z.infer<typeof guestSpec>;

export const nicSpec = z.strictObject({
  mtu: z.int().min(68).max(65_535),
});
export type NicSpec = z.infer<typeof nicSpec>;

export const traceSpec = z.strictObject({
  /** `separate`: a traced window follows each measured one; `inline`: the measured window is traced; `off`: no system calls. */
  mode: z.enum(['separate', 'inline', 'off']),
  /** Also sum the time spent in each system call. Costs more. */
  timing: z.boolean(),
  /** Length of the traced window in `separate` mode. */
  durationNs: positiveInteger,
});
export type TraceSpec = z.infer<typeof traceSpec>;

export const topologyName = z.enum(['vm-to-host', 'host-to-vm']);
export type TopologyName = z.infer<typeof topologyName>;

/** One full choice of everything that shapes the path, under a name that is unique in its experiment. */
export const configuration = z.strictObject({
  name: z.string().min(1),
  topology: topologyName,
  vmm: vmmSpec,
  guest: guestSpec,
  nic: nicSpec,
  trace: traceSpec,
});
export type Configuration = z.infer<typeof configuration>;

export const iperf3Spec = z.strictObject({
  /** Unique in the experiment. */
  name: z.string().min(1),
  kind: z.literal('iperf3'),
  durationNs: positiveInteger,
  protocol: z.enum(['tcp', 'udp']),
  streams: positiveInteger,
  /** `upload`: the client sends; `download`: the server sends (`-R`). */
  direction: z.enum(['upload', 'download']),
  /** Leading seconds that the tool leaves out of its figures (`-O`). */
  omitNs: z.int().nonnegative(),
  /** UDP target rate of all streams together, in bits per second; null for TCP or "as fast as it goes". */
  targetBitsPerSecond: positiveInteger.nullable(),
  /** Length of the tool's read/write buffer (`-l`); null: its default. */
  bufferBytes: positiveInteger.nullable(),
});
export type Iperf3Spec = z.infer<typeof iperf3Spec>;

export const sockperfSpec = z.strictObject({
  /** Unique in the experiment. */
  name: z.string().min(1),
  kind: z.literal('sockperf'),
  durationNs: positiveInteger,
  mode: z.enum(['ping-pong', 'under-load']),
  protocol: z.enum(['tcp', 'udp']),
  messageBytes: z.int().min(14).max(65_507),
  /** Target messages per second, under-load only; null: ping-pong's own pace. */
  messagesPerSecond: positiveInteger.nullable(),
});
export type SockperfSpec = z.infer<typeof sockperfSpec>;

export const workloadSpec = z.discriminatedUnion('kind', [iperf3Spec, sockperfSpec]);
export type WorkloadSpec = z.infer<typeof workloadSpec>;
export type WorkloadKind = WorkloadSpec['kind'];

export const experiment = z.strictObject({
  name: z.string().min(1),
  description: z.string(),
  boots: positiveInteger,
  /** Seeds the order of trials inside each block. */
  seed: z.int().nonnegative(),
  /** Limit on one boot from exec to a guest that answers. */
  bootTimeoutNs: positiveInteger,
  /** Limit on the whole run; null: none. */
  timeoutNs: positiveInteger.nullable(),
  configurations: z.array(configuration).min(1),
  workloads: z.array(workloadSpec).min(1),
});
export type Experiment = z.infer<typeof experiment>;
