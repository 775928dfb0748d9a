import type { Configuration, Experiment, NicSpec, PrepareSpec } from '../../src/record/experiment.ts';
import type { Iperf3Spec } from '../../src/workload/iperf3/record.ts';
import type { SockperfSpec } from '../../src/workload/sockperf/record.ts';

export function sampleIperf3Spec(changes: Partial<Iperf3Spec> = {}): Iperf3Spec {
  return {
    name: 'iperf3',
    kind: 'iperf3',
    durationNs: 30_000_000_000,
    protocol: 'tcp',
    streams: 4,
    direction: 'upload',
    omitNs: 0,
    targetBitsPerSecond: null,
    bufferBytes: null,
    ...changes,
  };
}

export function sampleSockperfSpec(changes: Partial<SockperfSpec> = {}): SockperfSpec {
  return {
    name: 'sockperf',
    kind: 'sockperf',
    durationNs: 30_000_000_000,
    mode: 'ping-pong',
    protocol: 'udp',
    messageBytes: 64,
    messagesPerSecond: null,
    ...changes,
  };
}

/** A host that is left as it is. */
export function samplePrepareSpec(changes: Partial<PrepareSpec> = {}): PrepareSpec {
  return {
    pin: 'none',
    governor: null,
    turbo: null,
    idleLatencyUs: null,
    ksm: null,
    transparentHugepages: null,
    irqbalance: null,
    ...changes,
  };
}

/** One queue pair, served by the VMM, with every offload. */
export function sampleNicSpec(changes: Partial<NicSpec> = {}): NicSpec {
  return {
    mtu: 1500,
    offloads: { csum: true, tso: true, gso: true, mrgRxbuf: true },
    vhost: false,
    queues: 1,
    rxQueueSize: null,
    txQueueSize: null,
    ...changes,
  };
}

export function sampleConfiguration(changes: Partial<Configuration> = {}): Configuration {
  return {
    name: 'qemu',
    factors: {},
    topology: 'vm-to-host',
    pairs: 1,
    vmm: {
      kind: 'qemu',
      accel: 'auto',
      binary: null,
      vcpus: 1,
      memoryBytes: 512 * 1024 ** 2,
      options: { machine: 'microvm', modern: false },
    },
    guest: { kernel: null, initrd: null, kernelArguments: '', congestionControl: null },
    nic: sampleNicSpec(),
    trace: { mode: 'separate', timing: false, durationNs: 5_000_000_000 },
    prepare: samplePrepareSpec(),
    workloads: [sampleIperf3Spec(), sampleSockperfSpec()],
    ...changes,
  };
}

/** The lab note's two workloads on one configuration. */
export function sampleExperiment(changes: Partial<Experiment> = {}): Experiment {
  return {
    name: 'vm-to-host',
    description: 'A guest as client of its host',
    boots: 1,
    order: 'shuffled',
    seed: 1,
    budgetNs: null,
    settleNs: 0,
    warmupNs: 0,
    bootTimeoutNs: 60_000_000_000,
    timeoutNs: null,
    configurations: [sampleConfiguration()],
    ...changes,
  };
}
