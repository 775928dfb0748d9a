import type { KnownFingerprint } from '../driver.ts';

/** Cloud Hypervisor's fingerprint of one request and its reply (sockperf ping-pong, 64 bytes). */
export const cloudHypervisorFingerprints: readonly KnownFingerprint[] = [
  {
    accel: 'kvm',
    vhost: false,
    options: {},
    unit: 'round trip',
    versions: { from: null, before: null },
    calls: { 'net read': 1, 'net readv': 2, 'net write': 2, 'net writev': 1 },
    // glibc has epoll_wait, musl epoll_pwait.
    otherCalls: ['net epoll_wait', 'net epoll_pwait', 'net epoll_ctl', 'vcpu ioctl KVM_RUN'],
    measuredWith:
      'Cloud Hypervisor 51.2 and 53.0 on nested KVM (AMD SVM, Linux 6.1), Debian kernel 6.1 in the guest, 1 vCPU',
  },
];
