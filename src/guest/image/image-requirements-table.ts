import { workloadPrograms } from '../../workload/programs.ts';

/** A program of the host that the guest image needs. */
export interface ImageRequirement {
  readonly program: string;
  readonly debianPackage: string;
  /** `guest`: is copied into the image; `workload`: the same for experiments that want it; `build`: makes an image; `optional`: only for kernels and modules packed with it. */
  readonly role: 'guest' | 'workload' | 'build' | 'optional';
  readonly purpose: string;
}

/** All of them; `doctor` reports on each. */
export const imageRequirements: readonly ImageRequirement[] = [
  { program: 'busybox', debianPackage: 'busybox-static', role: 'guest', purpose: "the guest's shell and system tools" },
  ...workloadPrograms.map(({ name, debianPackage, purpose, isVital }) => ({
    program: name,
    debianPackage,
    role: isVital ? ('guest' as const) : ('workload' as const),
    purpose,
  })),
  { program: 'ethtool', debianPackage: 'ethtool', role: 'guest', purpose: "facts of the guest's network card" },
  { program: 'apt-cache', debianPackage: 'apt', role: 'build', purpose: 'finds the kernel package' },
  {
    program: 'apt-get',
    debianPackage: 'apt',
    role: 'build',
    purpose: 'downloads the kernel package, signatures checked',
  },
  { program: 'dpkg-deb', debianPackage: 'dpkg', role: 'build', purpose: 'unpacks the kernel package' },
  { program: 'dpkg-query', debianPackage: 'dpkg', role: 'build', purpose: 'versions of what is in the image' },
  {
    program: 'xz',
    debianPackage: 'xz-utils',
    role: 'optional',
    purpose: 'kernels and modules packed with xz (Debian 13)',
  },
];
