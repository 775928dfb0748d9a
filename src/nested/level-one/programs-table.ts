import { workloadPrograms } from '../../workload/programs.ts';

/** A program of the host that the level-one machine gets. */
export interface LevelOneProgram {
  readonly name: string;
  readonly debianPackage: string;
  /** Without a vital one nothing can be run there; without another a run is poorer, as it would be on the host. */
  readonly isVital: boolean;
}

/** What `tapbench run` and `doctor` use, and what the machine's own start needs. Everything else is busybox. */
export const levelOnePrograms: readonly LevelOneProgram[] = [
  { name: 'qemu-system-x86_64', debianPackage: 'qemu-system-x86', isVital: true },
  { name: 'busybox', debianPackage: 'busybox-static', isVital: true },
  ...workloadPrograms.map(({ name, debianPackage, isVital }) => ({ name, debianPackage, isVital })),
  { name: 'ip', debianPackage: 'iproute2', isVital: true },
  { name: 'tc', debianPackage: 'iproute2', isVital: true },
  { name: 'ethtool', debianPackage: 'ethtool', isVital: true },
  { name: 'setpriv', debianPackage: 'util-linux', isVital: true },
  { name: 'unshare', debianPackage: 'util-linux', isVital: true },
  { name: 'modprobe', debianPackage: 'kmod', isVital: true },
  { name: 'bash', debianPackage: 'bash', isVital: true },
  // Not busybox's: it prefers its own `ip` and `tc`, which know no tuntap and no qdisc.
  { name: 'sh', debianPackage: 'dash', isVital: true },
  // Folders come along packed, with their owners and extended attributes, which busybox's does not know.
  { name: 'tar', debianPackage: 'tar', isVital: true },
  // For a folder as root file system of a guest.
  { name: 'mke2fs', debianPackage: 'e2fsprogs', isVital: false },
  { name: 'bpftrace', debianPackage: 'bpftrace', isVital: false },
  { name: 'xz', debianPackage: 'xz-utils', isVital: false },
];

/** Modules that the level-one kernel loads at its start. */
export const levelOneModules: readonly string[] = [
  // For the disks of the job and of the results.
  ...['virtio_pci', 'virtio_blk'],
  ...['kvm_amd', 'vhost_net', 'vhost_vsock', 'tun'],
  ...['veth', 'bridge', 'sch_netem', 'sch_fq', 'tcp_bbr'],
];
