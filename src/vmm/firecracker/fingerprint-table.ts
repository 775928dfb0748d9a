import type { KnownFingerprint } from '../driver.ts';

const requestAndReply = {
  accel: 'kvm',
  vhost: false,
  options: {},
  unit: 'round trip',
  // glibc has epoll_wait, musl epoll_pwait; how often the guest is entered depends on interrupts that come together.
  otherCalls: ['vmm epoll_wait', 'vmm epoll_pwait', 'vcpu ioctl KVM_RUN'],
} as const;
const nested = 'on nested KVM (AMD SVM, Linux 6.1), Debian kernel 6.1 in the guest, 1 vCPU';

/** Firecracker's fingerprints of one request and its reply (sockperf ping-pong, 64 bytes): since 1.10 it reads the tap straight into the guest's buffers. */
export const firecrackerFingerprints: readonly KnownFingerprint[] = [
  {
    ...requestAndReply,
    versions: { from: null, before: '1.10' },
    calls: { 'vmm read': 3, 'vmm write': 2, 'vmm writev': 1 },
    measuredWith: `Firecracker 1.8.0 ${nested}`,
  },
  {
    ...requestAndReply,
    versions: { from: '1.10', before: null },
    calls: { 'vmm read': 1, 'vmm readv': 2, 'vmm write': 2, 'vmm writev': 1 },
    measuredWith: `Firecracker 1.12.1, 1.14.4 and 1.16.1 ${nested}`,
  },
];
