import type { Difference } from '../record/comparison.ts';

/** What a differing fact means where nobody asked for it. */
export interface DifferenceRule {
  /** The fact, or the beginning of its path. */
  readonly path: string;
  readonly kind: Exclude<Difference['kind'], 'asked' | 'consequence'> | 'ignored';
  readonly meaning: string | null;
}

/** Limits that the guest's kernel takes from the memory it was left, a little of which each machine keeps for itself (tcp_init of net/ipv4/tcp.c). */
const memoryFacts = ['guest.sysctls.net.ipv4.tcp_rmem', 'guest.sysctls.net.ipv4.tcp_wmem'];

/** Which facts follow from a field that was asked to differ. What is negotiated follows from no choice of a VMM: that two VMMs were measured on different paths must be seen. */
export const consequenceTable: Readonly<Record<string, readonly string[]>> = {
  topology: ['path', 'preparation'],
  'vmm.kind': [
    ...['vmm.kind', 'vmm.path', 'vmm.version', 'vmm.sha256', 'vmm.isStatic', 'vmm.buildReason'],
    ...['guest.kernelCommandLine', 'guest.clocksource', ...memoryFacts],
  ],
  'vmm.accel': ['vmm.accel', 'guest.cpuModel', 'guest.clocksource', 'guest.kernelCommandLine'],
  // Another version may say otherwise where its devices are.
  'vmm.binary': [
    ...['vmm.path', 'vmm.version', 'vmm.sha256', 'vmm.isStatic', 'vmm.buildReason'],
    'guest.kernelCommandLine',
  ],
  // Which card and which board: how the guest's word reaches the VMM, and which clocks it has.
  'vmm.options': ['path.notification', 'guest.kernelCommandLine', 'guest.clocksource', ...memoryFacts],
  'vmm.vcpus': ['guest.cpus', 'guest.nic.queues', 'preparation'],
  'vmm.memoryBytes': ['guest.memoryTotalBytes', ...memoryFacts],
  'guest.kernel': [
    ...['guest.kernelRelease', 'guest.kernelVersion', 'guest.kernelSha256', 'guest.imageId', 'guest.sysctls'],
    ...['guest.clocksource', 'guest.congestionControl', 'guest.nic'],
  ],
  'guest.initrd': ['guest.initrdSha256', 'guest.imageId', 'guest.sysctls', 'guest.congestionControl'],
  'guest.rootfs': [
    ...['guest.rootfs', 'guest.initrdSha256', 'guest.imageId', 'guest.tools'],
    // The disk that it is on: the last thing that the VMM is given.
    ...['vmm.argv', 'vmm.files', ...memoryFacts],
  ],
  'guest.tools': ['guest.rootfs.tools', 'guest.rootfs.programs'],
  'guest.init': [
    'guest.rootfs.init',
    'guest.kernelCommandLine',
    'guest.sysctls',
    'guest.nic.offloads',
    'vmm.argv',
    'vmm.files',
  ],
  'guest.modules': ['guest.initrdSha256'],
  'guest.kernelArguments': ['guest.kernelCommandLine', 'guest.clocksource', 'guest.sysctls'],
  'guest.congestionControl': ['guest.congestionControl', 'guest.sysctls.net.ipv4.tcp_congestion_control'],
  'nic.mtu': ['guest.nic.mtu', 'path.mtu'],
  'nic.vhost': ['path.notification'],
  'nic.queues': [
    'guest.nic.queues',
    'path.queues',
    'guest.nic.virtioFeatures.VIRTIO_NET_F_MQ',
    'guest.nic.virtioFeatures.VIRTIO_NET_F_CTRL_VQ',
  ],
  'nic.rxQueueSize': ['guest.nic.queueSizes.rx'],
  'nic.txQueueSize': ['guest.nic.queueSizes.tx'],
  // Segmentation needs checksums, and both ends' switches follow what the device negotiated.
  'nic.offloads.csum': ['guest.nic.virtioFeatures', 'guest.nic.offloads', 'path.offloads'],
  'nic.offloads.tso': ['guest.nic.virtioFeatures', 'guest.nic.offloads', 'path.offloads'],
  'nic.offloads.gso': ['guest.nic.offloads', 'path.offloads'],
  'nic.offloads.mrgRxbuf': ['guest.nic.virtioFeatures', 'guest.nic.offloads'],
  prepare: ['preparation'],
  trace: ['tracing'],
};

/** What an asked difference means for the comparison, where its path doesn't say it. */
export const askedMeaningTable: readonly (readonly [path: RegExp, meaning: string])[] = [
  [/^workloads\.[^.]+\.durationNs$/, 'start-up is another share of the figure'],
  [/^workloads\./, 'the two sides do not do the same work'],
  [/^trace\.mode$/, 'tracing inside a measured window costs the figures too'],
];

/** The first rule whose path fits decides. What fits none is unfair: a fact that nobody thought of must not pass unseen. */
export const differenceTable: readonly DifferenceRule[] = [
  { path: 'vmm.accel', kind: 'unfair', meaning: 'an emulated CPU is not comparable with hardware virtualisation' },
  { path: 'vmm.isDebugBuild', kind: 'unfair', meaning: 'a debug build is slower' },
  { path: 'vmm.path', kind: 'note', meaning: null },
  { path: 'vmm.isStatic', kind: 'note', meaning: null },
  // Measured: no figure depends on it (docs/decisions).
  { path: 'vmm.runsAs', kind: 'note', meaning: null },
  { path: 'vmm.buildReason', kind: 'ignored', meaning: null },
  { path: 'vmm.files', kind: 'unfair', meaning: 'the VMM was set up otherwise' },
  { path: 'vmm.sha256', kind: 'unfair', meaning: 'another binary of the VMM' },
  { path: 'vmm.argv', kind: 'unfair', meaning: 'the VMM was started otherwise' },
  { path: 'guest.nic.virtioFeatures', kind: 'unfair', meaning: 'the path negotiated is not the same' },
  { path: 'guest.nic.transport', kind: 'unfair', meaning: 'the guest reaches its card in another way' },
  {
    path: 'guest.nic.interrupts',
    kind: 'unfair',
    meaning: 'the guest has to acknowledge interrupts of a line at the card, which a VMM may have to serve',
  },
  { path: 'path.notification', kind: 'unfair', meaning: "the guest's word that a queue has buffers takes another way" },
  { path: 'tracing', kind: 'unfair', meaning: 'the system calls were not counted alike' },
  { path: 'guest.rootfs.tools', kind: 'unfair', meaning: "one side's tools are of its root file system" },
  { path: 'guest.rootfs.programs', kind: 'unfair', meaning: 'the tools in the guest are of another version' },
  { path: 'guest.rootfs.init', kind: 'unfair', meaning: 'another init ran in the guest, with its services' },
  { path: 'guest.rootfs', kind: 'unfair', meaning: 'the tools ran in another root file system' },
  { path: 'guest.memoryTotalBytes', kind: 'note', meaning: null },
  { path: 'guest.kernelVersion', kind: 'unfair', meaning: null },
  // Both follow from the memory that is free when the kernel starts, which differs a little from boot to boot.
  { path: 'guest.sysctls.net.ipv4.tcp_mem', kind: 'note', meaning: null },
  { path: 'guest.sysctls.net.ipv4.udp_mem', kind: 'note', meaning: null },
  { path: 'host.sysctls.net.ipv4.tcp_mem', kind: 'note', meaning: null },
  { path: 'host.sysctls.net.ipv4.udp_mem', kind: 'note', meaning: null },
  {
    path: 'host.fingerprint',
    kind: 'unfair',
    meaning: 'another machine, or one whose CPU, memory, kernel, kernel command line or scheduling changed',
  },
  // A session of ssh or a job of cron has a group of its own name; its weight and limit are what counts.
  { path: 'host.scheduling.cpuGroup.path', kind: 'ignored', meaning: null },
  {
    path: 'host.scheduling',
    kind: 'unfair',
    meaning: 'the kernel shares the CPUs out to VMM and tools in another way',
  },
  { path: 'host.bootId', kind: 'note', meaning: 'the host was restarted in between' },
  { path: 'host.operatingSystem', kind: 'note', meaning: null },
  { path: 'host.memory.totalBytes', kind: 'note', meaning: null },
  { path: 'host.memory.swapTotalBytes', kind: 'note', meaning: null },
  { path: 'host.kvm.reason', kind: 'ignored', meaning: null },
  { path: 'host.tracing.reason', kind: 'ignored', meaning: null },
  { path: 'host.kvm', kind: 'note', meaning: null },
  { path: 'host.tracing', kind: 'note', meaning: null },
  { path: 'host.tapbench.version', kind: 'unfair', meaning: 'the instrument itself changed' },
  { path: 'host.tapbench', kind: 'note', meaning: null },
];
