import { z } from 'zod';
import { count, integer, name, natural, positive, signedCount } from './bounds.ts';

/** The same words for every VMM, beside the thread's real name. */
export const threadRole = z.enum(['vmm', 'vcpu', 'net', 'api', 'vhost', 'worker']);
export type ThreadRole = z.infer<typeof threadRole>;

/** `work`: does something; `wait`: blocks until something happens; `run`: enters the guest (KVM_RUN). */
export const callKind = z.enum(['work', 'wait', 'run']);
export type CallKind = z.infer<typeof callKind>;

export const systemCall = z.strictObject({
  /** Name as in the kernel's table, `syscall_N` where the table has none. */
  name,
  /** For ioctl the name of its request, for futex of its operation (or 0x...); null for every other call. */
  request: name.nullable(),
  kind: callKind,
  count,
  /** Time between entry and exit, summed, ns; null unless timing was asked for. */
  timeNs: count.nullable(),
});
export type SystemCall = z.infer<typeof systemCall>;

/** Of several VMs together, the one whose VMM a thread belongs to: `server`, `vm1`. Absent where the trial has one VM, or nobody says which. */
const ofMachine = { machine: name.optional() };

const machineThreadCalls = z.strictObject({
  /** null where only the name was told. */
  tid: integer.nullable(),
  /** null: all threads together (a table of `strace -c`). */
  name: name.nullable(),
  /** null where the name says nothing to any driver. */
  role: threadRole.nullable(),
  calls: z.array(systemCall),
});
export const threadCalls = z.strictObject({ ...ofMachine, ...machineThreadCalls.shape });
export type ThreadCalls = z.infer<typeof threadCalls>;

/** System calls of one VMM over one window, with the work that was done in it, so that they can be divided. */
export const machineSystemCalls = z.strictObject({
  /** Who counted: bpftrace counts all calls, procfs-io only reads and writes. */
  source: z.enum(['bpftrace', 'procfs-io', 'perf-trace', 'strace']),
  /** Why this source spoke, where it is not the best one; null for bpftrace. */
  sourceReason: z.string().nullable(),
  /** `inline`: counted in the measured window itself; `separate`: in the traced window after it; null: a lab note does not say. */
  mode: z.enum(['inline', 'separate']).nullable(),
  /** The window in which the calls were counted; null in a lab note. */
  window: z.strictObject({ startNs: count, endNs: count }).nullable(),
  /** Names of the calls that were looked for; null: all. */
  onlyCalls: z.array(z.string()).nullable(),
  /** Round trips in that window; null for a workload that has none. */
  messages: count.nullable(),
  /** Payload bytes in that window, both ways; null where the tool does not say. */
  bytes: count.nullable(),
  /** Events that the tracer lost; null where the source cannot know. */
  lostEvents: count.nullable(),
  /** The tracer said that it could not count all: no room for further keys. The counts are the least that there were. Absent elsewhere. */
  isLowerBound: z.literal(true).optional(),
  threads: z.array(machineThreadCalls),
});
export type MachineSystemCalls = z.infer<typeof machineSystemCalls>;

/** The same of all VMMs. */
export const systemCalls = z.strictObject({ ...machineSystemCalls.shape, threads: z.array(threadCalls) });
export type SystemCalls = z.infer<typeof systemCalls>;

export const exitCount = z.strictObject({
  /** As the kernel names it (`EPT_MISCONFIG`, `HLT`, `MMIO`), or its number where it has no name. */
  reason: name,
  count,
});
export type ExitCount = z.infer<typeof exitCount>;

/** What one vCPU thread left the guest for. */
const machineThreadExits = z.strictObject({
  tid: integer,
  name,
  /** kvm:kvm_exit, by the processor's reason: every exit, those that the kernel handles by itself too. */
  exits: z.array(exitCount),
  /** kvm:kvm_userspace_exit, by reason of KVM_RUN's return: those that the VMM has to handle. */
  userspaceExits: z.array(exitCount),
});
export const threadExits = z.strictObject({ ...ofMachine, ...machineThreadExits.shape });
export type ThreadExits = z.infer<typeof threadExits>;

/** Accesses of the guest to devices (kvm:kvm_mmio, kvm:kvm_pio), by what the address belongs to. */
export const deviceAccess = z.strictObject({
  /** What a driver or the platform says of the address: `serial port`, `I/O APIC`, `virtio-mmio 0 QueueNotify`; else the page or port, in hex. */
  device: name,
  kind: z.enum(['mmio', 'pio']),
  count,
});
export type DeviceAccess = z.infer<typeof deviceAccess>;

/** What KVM's tracepoints counted of one VM, in the same window and by the same tracer as the system calls. */
export const machineKvmExits = z.strictObject({
  mode: z.enum(['inline', 'separate']),
  window: z.strictObject({ startNs: count, endNs: count }),
  /** Round trips in that window; null for a workload that has none. */
  messages: count.nullable(),
  /** Payload bytes in that window, both ways; null where the tool does not say. */
  bytes: count.nullable(),
  threads: z.array(machineThreadExits),
  accesses: z.array(deviceAccess),
});

/** The same of all VMs. */
export const kvmExits = z.strictObject({ ...machineKvmExits.shape, threads: z.array(threadExits) });
export type KvmExits = z.infer<typeof kvmExits>;

/** The VMM's own counters over the window. */
export const vmmCounters = z.strictObject({
  /** What they were read from: `firecracker metrics file`, `cloud-hypervisor vm.counters`. */
  source: name,
  /** What the VMM says crossed the network card, seen from the guest; null where it does not say. Bytes as it counts them: with the virtio header (12 bytes a packet) or without. */
  fromGuest: z.strictObject({ packets: count.nullable(), bytes: count.nullable() }),
  toGuest: z.strictObject({ packets: count.nullable(), bytes: count.nullable() }),
  /** Every counter of the network card that changed, under the VMM's own name. */
  counters: z.record(name, signedCount),
});
export type VmmCounters = z.infer<typeof vmmCounters>;

/** Bounds on what is kept of a VMM's errors: a broken one may write thousands. */
export const vmmErrorLimits = { lines: 20, characters: 300 };

/** What the VMM said went wrong in the window: lines of its stderr and its log that ended between the edges. */
export const vmmErrors = z.strictObject({
  /** All of them. */
  count: natural,
  /** The first ones, without control characters, cut where they are long. */
  lines: z.array(z.string().max(vmmErrorLimits.characters)).max(vmmErrorLimits.lines),
});
export type VmmErrors = z.infer<typeof vmmErrors>;

/** CPU of one thread of the VMM over the window. */
export const machineThreadCpu = z.strictObject({
  tid: integer,
  name,
  role: threadRole,
  /** Time on a CPU, ns (schedstat, exact). */
  runNs: count,
  /** Time runnable but waiting for a CPU, ns (schedstat, exact). */
  waitNs: count,
  /** User time, ns, in steps of a clock tick (10 ms where HZ=100 ticks are reported). */
  userNs: count,
  /** System time, ns, in steps of a clock tick. */
  systemNs: count,
  /** Time spent running the guest, part of `userNs`, ns. */
  guestNs: count,
  voluntarySwitches: count.nullable(),
  involuntarySwitches: count.nullable(),
});
export const threadCpu = z.strictObject({ ...ofMachine, ...machineThreadCpu.shape });
export type ThreadCpu = z.infer<typeof threadCpu>;

export const linkDirection = z.strictObject({ packets: count, bytes: count, drops: count, errors: count });
export type LinkDirection = z.infer<typeof linkDirection>;

/** Counters of one tap over the window, seen from the guest. Bytes are Ethernet frames without preamble and checksum; a frame of segmentation offload counts once. */
export const linkReading = z.strictObject({
  device: name,
  fromGuest: linkDirection,
  toGuest: linkDirection,
});
export type LinkReading = z.infer<typeof linkReading>;

export const cpuTimes = z.strictObject({
  userNs: count,
  niceNs: count,
  systemNs: count,
  irqNs: count,
  softirqNs: count,
  stealNs: count,
  idleNs: count,
  iowaitNs: count,
});
export type CpuTimes = z.infer<typeof cpuTimes>;

/** CPU of one process of the experiment over the window. */
export const processCpu = z.strictObject({
  name,
  /** `vmm`, `tool` (server or client on the host), `tracer`, or `tapbench` itself. */
  part: z.enum(['vmm', 'tool', 'tracer', 'tapbench']),
  runNs: count,
});
export type ProcessCpu = z.infer<typeof processCpu>;

export const hostCpu = z.strictObject({
  /** Sum over all CPUs, ns, in steps of a clock tick. */
  total: cpuTimes,
  cpus: z.array(z.strictObject({ cpu: integer, times: cpuTimes })),
  /** What of it was the experiment's own. */
  ours: z.array(processCpu),
});
export type HostCpu = z.infer<typeof hostCpu>;

/**
 * What a VMM's process had in memory just after the window: pages of its guest that were ever touched, and its own. No guest has a balloon device, through
 * which it would give pages back.
 */
export const vmmMemory = z.strictObject({
  residentBytes: count,
  /** A page that n processes share counts 1/n. */
  proportionalBytes: count,
  swapBytes: count,
});
export type VmmMemory = z.infer<typeof vmmMemory>;

export const guestResources = z.strictObject({
  /** Sum over the guest's CPUs, ns, by the guest's own clock ticks. */
  cpu: cpuTimes,
  cpus: positive,
  memoryTotalBytes: count,
  memoryAvailableBytes: count,
});
export type GuestResources = z.infer<typeof guestResources>;
