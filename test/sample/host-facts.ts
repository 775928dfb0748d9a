import type { HostFacts } from '../../src/record/host.ts';

const gibibyte = 1024 ** 3;

/** The TCP memory limits of a Linux 6.x host: min, default, max bytes of one socket. */
export const sampleTcpSysctls = {
  'net.ipv4.tcp_congestion_control': 'cubic',
  'net.ipv4.tcp_rmem': '4096 131072 6291456',
  'net.ipv4.tcp_wmem': '4096 16384 4194304',
};

/** A machine of 8 CPUs on which everything works. */
export function sampleHostFacts(changes: Partial<HostFacts> = {}): HostFacts {
  return {
    cpu: {
      model: 'Sample CPU 8-Core Processor',
      vendor: 'AuthenticAMD',
      microcode: '0xa0011d5',
      logicalCpus: 8,
      physicalCores: 8,
      sockets: 1,
      threadsPerCore: 1,
      numaNodes: 1,
      smt: 'notsupported',
      governor: 'performance',
      frequencyDriver: 'acpi-cpufreq',
      isTurboOn: false,
      minimumHz: 1_500_000_000,
      maximumHz: 3_400_000_000,
      vulnerabilities: { meltdown: 'Not affected', retbleed: 'Mitigation: untrained return thunk' },
    },
    hypervisor: null,
    memory: {
      totalBytes: 32 * gibibyte,
      swapTotalBytes: 0,
      transparentHugepages: 'madvise',
      isKsmRunning: false,
    },
    kernel: {
      release: '6.1.0-28-amd64',
      version: 'Linux version 6.1.0-28-amd64 (gcc-12) #1 SMP PREEMPT_DYNAMIC Debian 6.1.119-1',
      commandLine: 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 ro quiet',
      configSha256: 'c0'.repeat(32),
      clocksource: 'tsc',
      preemption: 'voluntary',
    },
    scheduling: {
      isAutogroupOn: true,
      autogroupNice: 0,
      nice: 0,
      policy: 'other',
      cpuGroup: { path: '/', version: 2, weight: null, limit: null },
      features: null,
      extension: null,
    },
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    bootId: '00000000-0000-4000-8000-000000000001',
    sysctls: sampleTcpSysctls,
    programs: [
      {
        name: 'iperf3',
        path: '/usr/bin/iperf3',
        version: '3.12',
        sha256: 'a1'.repeat(32),
        package: 'iperf3=3.12-1+deb12u1',
      },
      {
        name: 'sockperf',
        path: '/usr/bin/sockperf',
        version: '3.7',
        sha256: 'a2'.repeat(32),
        package: 'sockperf=3.7-1',
      },
      { name: 'bpftrace', path: '/usr/bin/bpftrace', version: '0.17.0', sha256: 'a3'.repeat(32), package: null },
    ],
    tapbench: { version: '0.1.0', node: 'v24.0.0', commit: null },
    kvm: { isUsable: true, reason: 'a guest booted on it in 0.4 s' },
    tracing: { isUsable: true, reason: 'raw_syscalls:sys_enter can be attached' },
    fingerprint: 'f0'.repeat(32),
    ...changes,
  };
}
