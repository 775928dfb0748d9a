import { type KnownProgram, workloadPrograms } from '../../workload/programs.ts';
import type { VersionQuery } from '../program-version.ts';

export interface LabProgram extends VersionQuery {
  readonly debianPackage: string;
  readonly isVital: boolean;
  /** What is lost without it. */
  readonly meaning: string;
}

const install = 'no run is possible without it';

function meaningOf({ purpose, isVital }: KnownProgram): string {
  return `${purpose}, on the host and in the guest: ${isVital ? install : 'no workload that needs it is possible without'}`;
}

/** The programs of the lab. The wrapper has the same table, to install them. */
export const labPrograms: readonly LabProgram[] = [
  {
    name: 'qemu-system-x86_64',
    debianPackage: 'qemu-system-x86',
    isVital: true,
    meaning: `boots the guests: ${install}`,
  },
  {
    name: 'bpftrace',
    debianPackage: 'bpftrace',
    isVital: false,
    meaning: 'counts system calls: without it only reads and writes are counted, from /proc',
  },
  ...workloadPrograms.map((program) => ({ ...program, meaning: meaningOf(program) })),
  {
    name: 'ethtool',
    debianPackage: 'ethtool',
    isVital: true,
    meaning: 'offloads and features, goes into the guest image',
  },
  {
    name: 'busybox',
    debianPackage: 'busybox-static',
    isVital: true,
    meaning: "the guest's shell, goes into the image",
  },
  { name: 'modprobe', debianPackage: 'kmod', isVital: true, meaning: "order of the guest's modules" },
  {
    name: 'xz',
    debianPackage: 'xz-utils',
    isVital: false,
    meaning: 'guest kernels and modules that are packed with it',
  },
  {
    name: 'mke2fs',
    debianPackage: 'e2fsprogs',
    isVital: false,
    meaning: 'makes the disks of a nested machine, and of a folder that is guest.rootfs',
  },
  { name: 'ip', debianPackage: 'iproute2', isVital: true, meaning: `namespaces, taps and addresses: ${install}` },
  { name: 'tc', debianPackage: 'iproute2', isVital: true, meaning: 'queueing disciplines of the measured path' },
  { name: 'setpriv', debianPackage: 'util-linux', isVital: true, meaning: 'ends every process with tapbench' },
];
