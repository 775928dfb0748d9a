import type {
  CpuTimes,
  GuestResources,
  HostCpu,
  LinkReading,
  SystemCall,
  SystemCalls,
  ThreadCpu,
} from '../../src/record/probe-readings.ts';

/** Threads of a sample VMM: the main loop, which moves the packets, and one vCPU. */
export const sampleTids = { vmm: 4001, vcpu: 4003 };

/** Frames and their bytes, in one direction. */
export interface SampleFrames {
  readonly packets: number;
  readonly bytes: number;
}

/** A link reading without drops or errors. */
export function sampleLink(fromGuest: SampleFrames, toGuest: SampleFrames): LinkReading {
  const clean = { drops: 0, errors: 0 };
  return { device: 'tap0', fromGuest: { ...fromGuest, ...clean }, toGuest: { ...toGuest, ...clean } };
}

export function sampleCall(name: string, count: number, changes: Partial<SystemCall> = {}): SystemCall {
  return { name, request: null, kind: 'work', count, timeNs: null, ...changes };
}

/** The window in which calls were counted and the work that was done in it. */
export type SampleTracedWork = Pick<SystemCalls, 'mode' | 'window' | 'messages' | 'bytes'>;

/** Calls of a QEMU that moves one frame a call between a tap and the guest: what the link says, as calls. */
export function sampleSystemCalls(work: SampleTracedWork, link: LinkReading): SystemCalls {
  const { packets: out } = link.fromGuest;
  const { packets: back } = link.toGuest;
  return {
    source: 'bpftrace',
    sourceReason: null,
    onlyCalls: null,
    lostEvents: 0,
    ...work,
    threads: [
      {
        tid: sampleTids.vmm,
        name: 'qemu-system-x86',
        role: 'vmm',
        calls: [
          sampleCall('writev', out),
          sampleCall('read', 2 * back + out),
          sampleCall('ioctl', back, { request: 'KVM_IRQ_LINE' }),
          sampleCall('ppoll', out + back, { kind: 'wait' }),
        ],
      },
      {
        tid: sampleTids.vcpu,
        name: 'CPU 0/KVM',
        role: 'vcpu',
        calls: [sampleCall('ioctl', out, { request: 'KVM_RUN', kind: 'run' })],
      },
    ],
  };
}

/** CPU of the two threads, as shares of the window. */
export function sampleThreads(windowNs: number, shares: { vmm: number; vcpu: number }): ThreadCpu[] {
  const thread = (share: number) => ({
    runNs: Math.round(windowNs * share),
    waitNs: Math.round(windowNs * share * 0.005),
    userNs: Math.round(windowNs * share * 0.4),
    systemNs: Math.round(windowNs * share * 0.6),
    guestNs: 0,
    voluntarySwitches: Math.round(windowNs / 100_000),
    involuntarySwitches: 12,
  });
  return [
    { tid: sampleTids.vmm, name: 'qemu-system-x86', role: 'vmm', ...thread(shares.vmm) },
    { tid: sampleTids.vcpu, name: 'CPU 0/KVM', role: 'vcpu', ...thread(shares.vcpu) },
  ];
}

/** `windowNs` of CPU time a CPU, of which the given shares were busy; the rest idle. */
export function sampleCpuTimes(windowNs: number, busy: Partial<Record<keyof CpuTimes, number>>): CpuTimes {
  const ns = (share: number | undefined) => Math.round(windowNs * (share ?? 0));
  const times = {
    userNs: ns(busy.userNs),
    niceNs: ns(busy.niceNs),
    systemNs: ns(busy.systemNs),
    irqNs: ns(busy.irqNs),
    softirqNs: ns(busy.softirqNs),
    stealNs: ns(busy.stealNs),
    iowaitNs: ns(busy.iowaitNs),
  };
  const used = Object.values(times).reduce((sum, value) => sum + value, 0);
  return { ...times, idleNs: Math.max(0, windowNs - used) };
}

/** A host of 8 CPUs that does the experiment's work and a little besides. */
export function sampleHostCpu(windowNs: number, threads: readonly ThreadCpu[]): HostCpu {
  const vmmNs = threads.reduce((sum, thread) => sum + thread.runNs, 0);
  const toolNs = Math.round(windowNs * 0.4);
  const oursShare = (vmmNs + toolNs) / windowNs / 8;
  const times = sampleCpuTimes(windowNs, {
    userNs: oursShare * 0.4 + 0.002,
    systemNs: oursShare * 0.6,
    softirqNs: 0.005,
  });
  const total = Object.fromEntries(Object.entries(times).map(([name, ns]) => [name, 8 * ns]));
  return {
    total: { ...times, ...total },
    cpus: Array.from({ length: 8 }, (_, cpu) => ({ cpu, times })),
    ours: [
      { name: 'qemu-system-x86_64', part: 'vmm', runNs: vmmNs },
      { name: 'server', part: 'tool', runNs: toolNs },
      { name: 'tapbench', part: 'tapbench', runNs: Math.round(windowNs * 0.002) },
    ],
  };
}

/** One guest CPU, two thirds busy. */
export function sampleGuestResources(windowNs: number): GuestResources {
  return {
    cpu: sampleCpuTimes(windowNs, { userNs: 0.05, systemNs: 0.4, softirqNs: 0.2 }),
    cpus: 1,
    memoryTotalBytes: 490 * 1024 ** 2,
    memoryAvailableBytes: 440 * 1024 ** 2,
  };
}
