import type { GuestFacts } from '../../src/record/guest.ts';
import type { PathFacts, VmmFacts } from '../../src/record/trial.ts';
import { sampleTcpSysctls } from './host-facts.ts';

const offloads = {
  'generic-receive-offload': true,
  'generic-segmentation-offload': true,
  'tcp-segmentation-offload': true,
  'tx-checksumming': true,
};

/** A guest of one CPU with segmentation offload negotiated. */
export function sampleGuestFacts(changes: Partial<GuestFacts> = {}): GuestFacts {
  return {
    kernelRelease: '6.1.0-28-cloud-amd64',
    kernelVersion: 'Linux version 6.1.0-28-cloud-amd64 (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1',
    kernelCommandLine: 'console=ttyS0 reboot=t panic=-1 quiet',
    cpus: 1,
    cpuModel: 'Sample CPU 8-Core Processor',
    memoryTotalBytes: 490 * 1024 ** 2,
    clocksource: 'kvm-clock',
    nic: {
      device: 'eth0',
      driver: 'virtio_net',
      mac: '52:54:00:12:34:56',
      mtu: 1500,
      queues: 1,
      queueSizes: null,
      transport: null,
      interrupts: null,
      virtioFeatureBits: [0, 1, 5, 11, 15, 32],
      virtioFeatures: ['CSUM', 'GUEST_CSUM', 'MAC', 'HOST_TSO4', 'MRG_RXBUF', 'VERSION_1'],
      offloads,
    },
    congestionControl: 'cubic',
    sysctls: sampleTcpSysctls,
    kernelSha256: 'b1'.repeat(32),
    initrdSha256: 'b2'.repeat(32),
    imageId: 'sample-image',
    ...changes,
  };
}

/** QEMU on KVM. */
export function sampleVmmFacts(changes: Partial<VmmFacts> = {}): VmmFacts {
  return {
    kind: 'qemu',
    accel: 'kvm',
    argv: ['/usr/bin/qemu-system-x86_64', '-M', 'microvm', '-accel', 'kvm', '-m', '512M', '-smp', '1'],
    path: '/usr/bin/qemu-system-x86_64',
    version: '7.2.15',
    sha256: 'd1'.repeat(32),
    isStatic: null,
    isDebugBuild: null,
    buildReason: null,
    runsAs: null,
    files: {},
    ...changes,
  };
}

/** A tap of the default MTU. */
export function samplePathFacts(changes: Partial<PathFacts> = {}): PathFacts {
  return {
    device: 'tap0',
    mtu: 1500,
    offloads,
    congestionControl: 'cubic',
    qdisc: 'fq_codel',
    queues: null,
    notification: null,
    ...changes,
  };
}
