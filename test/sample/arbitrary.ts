import fc from 'fast-check';
import type { Latency, LatencyDistribution } from '../../src/record/latency.ts';
import type { GatheredMeasurement } from '../../src/record/measurement.ts';
import type {
  CpuTimes,
  HostCpu,
  LinkReading,
  SystemCall,
  SystemCalls,
  ThreadCpu,
} from '../../src/record/probe-readings.ts';
import type { Throughput, ThroughputInterval, ThroughputStream } from '../../src/record/throughput.ts';
import { sampleIperf3Spec, sampleSockperfSpec } from './experiment.ts';
import { sampleIperf3Measurement } from './iperf3.ts';

/** Counts and times from none to absurd; not so absurd that their products leave the range of a double. */
const count = fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat(), fc.double({ min: 1e-6, max: 1e18, noNaN: true }));
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const window = fc.record({ startNs: count, endNs: count });
const role = fc.constantFrom('vmm' as const, 'vcpu', 'net', 'api', 'vhost', 'worker');
const few = { maxLength: 3 };

const stream: fc.Arbitrary<ThroughputStream> = fc.record({
  id: fc.nat(),
  bytes: count,
  sentBytes: perhaps(count),
  bitsPerSecond: count,
  retransmits: perhaps(count),
  meanTcpRoundTripNs: perhaps(count),
});

const interval: fc.Arbitrary<ThroughputInterval> = fc.record({
  startNs: count,
  endNs: count,
  bytes: count,
  bitsPerSecond: count,
  retransmits: perhaps(count),
  isOmitted: fc.boolean(),
});

const throughput: fc.Arbitrary<Throughput> = fc.record({
  protocol: fc.constantFrom('tcp' as const, 'udp'),
  bitsPerSecond: count,
  bytes: count,
  sentBytes: perhaps(count),
  durationNs: count,
  retransmits: perhaps(count),
  streams: fc.array(stream, few),
  intervals: fc.array(interval, { maxLength: 5 }),
  datagrams: perhaps(fc.record({ sent: count, lost: count, outOfOrder: perhaps(count), jitterNs: count })),
  congestionControl: fc.record({ sender: perhaps(fc.string()), receiver: perhaps(fc.string()) }),
  toolCpuPercent: perhaps(fc.record({ client: count, server: count })),
});

const distribution: fc.Arbitrary<LatencyDistribution> = fc.record({
  ...{ mean: count, stddev: count, min: count, max: count, p25: count, p50: count, p75: count, p90: count },
  ...{ p99: count, p999: count, p9999: count, p99999: count },
});

const latency: fc.Arbitrary<Latency> = fc.record({
  protocol: fc.constantFrom('tcp' as const, 'udp'),
  mode: fc.constantFrom('ping-pong' as const, 'under-load'),
  ...{ messages: count, sentMessages: count, receivedMessages: count, droppedMessages: count },
  ...{ duplicatedMessages: count, outOfOrderMessages: count, messageBytes: count, durationNs: count },
  ...{ halfRoundTripNs: distribution, roundTripNs: distribution },
  ...{ spread: fc.constant(null), histogram: fc.constant(null) },
});

const call: fc.Arbitrary<SystemCall> = fc.record({
  name: fc.constantFrom('read', 'readv', 'write', 'writev', 'ppoll', 'ioctl', 'io_uring_enter', 'futex'),
  request: perhaps(fc.constantFrom('KVM_RUN', 'KVM_IRQ_LINE')),
  kind: fc.constantFrom('work' as const, 'wait', 'run'),
  count,
  timeNs: perhaps(count),
});

const systemCalls: fc.Arbitrary<SystemCalls> = fc.record({
  source: fc.constantFrom('bpftrace' as const, 'procfs-io'),
  sourceReason: perhaps(fc.string()),
  mode: fc.constantFrom('inline' as const, 'separate'),
  window,
  messages: perhaps(count),
  bytes: perhaps(count),
  lostEvents: perhaps(count),
  threads: fc.array(fc.record({ tid: fc.nat(), name: fc.string(), role, calls: fc.array(call, few) }), few),
});

const thread: fc.Arbitrary<ThreadCpu> = fc.record({
  ...{ tid: fc.nat(), name: fc.string(), role },
  ...{ runNs: count, waitNs: count, userNs: count, systemNs: count, guestNs: count },
  ...{ voluntarySwitches: perhaps(count), involuntarySwitches: perhaps(count) },
});

const linkDirection = fc.record({ packets: count, bytes: count, drops: count, errors: count });
const link: fc.Arbitrary<LinkReading> = fc.record({
  device: fc.string(),
  fromGuest: linkDirection,
  toGuest: linkDirection,
});

const cpuTimes: fc.Arbitrary<CpuTimes> = fc.record({
  ...{ userNs: count, niceNs: count, systemNs: count, irqNs: count },
  ...{ softirqNs: count, stealNs: count, idleNs: count, iowaitNs: count },
});

const hostCpu: fc.Arbitrary<HostCpu> = fc.record({
  total: cpuTimes,
  cpus: fc.array(fc.record({ cpu: fc.nat(), times: cpuTimes }), few),
  ours: fc.array(
    fc.record({ name: fc.string(), part: fc.constantFrom('vmm' as const, 'tool', 'tracer', 'tapbench'), runNs: count }),
    few,
  ),
});

/** Any measurement that the schema takes, however little sense it makes; its command lines are a sample's. */
export const arbitraryMeasurement: fc.Arbitrary<GatheredMeasurement> = fc.record({
  workload: fc.string(),
  spec: fc.constantFrom(
    sampleIperf3Spec(),
    sampleIperf3Spec({ direction: 'download', omitNs: 1_000_000_000, protocol: 'udp' }),
    sampleSockperfSpec(),
    sampleSockperfSpec({ protocol: 'tcp', mode: 'under-load', messageBytes: 65_507 }),
  ),
  window,
  startedAt: fc.constant('2025-01-01T12:00:00.000Z'),
  commands: fc.constant(sampleIperf3Measurement().commands),
  throughput: perhaps(throughput),
  latency: perhaps(latency),
  work: fc.record({ roundTrips: perhaps(count), payloadBytes: perhaps(count) }),
  systemCalls: perhaps(systemCalls),
  threads: fc.array(thread, few),
  link: perhaps(link),
  hostCpu: perhaps(hostCpu),
  guestResources: perhaps(
    fc.record({
      cpu: cpuTimes,
      cpus: fc.integer({ min: 1, max: 8 }),
      memoryTotalBytes: count,
      memoryAvailableBytes: count,
    }),
  ),
  traced: perhaps(
    fc.record({
      ...{ window, throughput: perhaps(throughput), latency: perhaps(latency) },
      ...{ threads: fc.array(thread, few), link: perhaps(link), files: fc.constant([]) },
    }),
  ),
  consoleBytes: count,
  notMeasured: fc.constant({}),
});
