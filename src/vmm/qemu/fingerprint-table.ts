import type { KnownFingerprint } from '../driver.ts';

const futexes = ['FUTEX_WAKE', 'FUTEX_WAIT', 'FUTEX_WAIT_BITSET'].flatMap((request) => [
  `vcpu futex ${request}`,
  `vmm futex ${request}`,
]);
/** How often a thread waits, is woken or is kicked out of the guest, and how many frames one interrupt tells of, depends on how fast the machine is. */
const otherCalls = [
  ...['vmm ppoll', 'vmm ioctl KVM_IRQ_LINE_STATUS', 'vcpu ioctl KVM_IRQ_LINE_STATUS', 'vcpu ioctl KVM_RUN', ...futexes],
  ...['vcpu rt_sigreturn', 'vmm rt_sigprocmask', 'vmm getpid', 'vmm tgkill', 'vmm write'],
];

const requestAndReply = { unit: 'round trip', otherCalls, versions: { from: null, before: null } } as const;
const emulated = 'QEMU 7.2.22 and 10.0.13 under TCG, Debian kernels 6.1 and 6.12 in the guest, 1 vCPU';
const nested = 'QEMU 7.2.22 on nested KVM (AMD SVM, Linux 6.1), Debian kernel 6.1 in the guest, 1 vCPU';

/** QEMU's fingerprints of one request and its reply (sockperf ping-pong, 64 bytes). */
export const qemuFingerprints: readonly KnownFingerprint[] = [
  {
    ...requestAndReply,
    accel: 'tcg',
    vhost: false,
    options: { machine: 'microvm' },
    measuredWith: emulated,
    calls: { 'vcpu write': 1, 'vmm read': 3, 'vmm writev': 1 },
  },
  {
    ...requestAndReply,
    accel: 'kvm',
    vhost: false,
    options: { machine: 'microvm' },
    measuredWith: nested,
    calls: { 'vmm read': 3, 'vmm writev': 1 },
  },
  {
    ...requestAndReply,
    accel: 'kvm',
    vhost: true,
    options: { machine: 'microvm' },
    measuredWith: nested,
    calls: { 'vmm read': 2 },
  },
  {
    ...requestAndReply,
    accel: 'kvm',
    vhost: false,
    options: { machine: 'q35' },
    measuredWith: nested,
    calls: { 'vmm ioctl KVM_SIGNAL_MSI': 2, 'vmm read': 3, 'vmm writev': 1 },
  },
  {
    ...requestAndReply,
    accel: 'kvm',
    vhost: true,
    options: { machine: 'q35' },
    measuredWith: nested,
    calls: {},
  },
];
