import fc from 'fast-check';
import type { Latency, LatencyDistribution, LatencySpread } from '../../src/record/latency.ts';
import type { WholeMeasurement } from '../../src/record/measurement.ts';
import {
  type CpuTimes,
  type HostCpu,
  type KvmExits,
  type LinkReading,
  type SystemCall,
  type SystemCalls,
  type ThreadCpu,
  type VmmCounters,
  type VmmErrors,
  type VmmMemory,
  vmmErrorLimits,
} from '../../src/record/probe-readings.ts';
import type { RecordedWorkload } from '../../src/record/recorded-experiment.ts';
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
  bytes: perhaps(count),
  sentBytes: perhaps(count),
  bitsPerSecond: perhaps(count),
  retransmits: perhaps(count),
  meanTcpRoundTripNs: perhaps(count),
});

const interval: fc.Arbitrary<ThroughputInterval> = fc.record({
  startNs: count,
  endNs: count,
  bytes: perhaps(count),
  bitsPerSecond: perhaps(count),
  retransmits: perhaps(count),
  isOmitted: fc.boolean(),
});

const throughput: fc.Arbitrary<Throughput> = fc.record({
  protocol: perhaps(fc.constantFrom('tcp' as const, 'udp')),
  bitsPerSecond: count,
  bytes: perhaps(count),
  sentBytes: perhaps(count),
  durationNs: perhaps(count),
  retransmits: perhaps(count),
  streams: fc.array(stream, few),
  intervals: fc.array(interval, { maxLength: 5 }),
  datagrams: perhaps(
    fc.record({ sent: perhaps(count), lost: perhaps(count), outOfOrder: perhaps(count), jitterNs: perhaps(count) }),
  ),
  congestionControl: fc.record({ sender: perhaps(fc.string()), receiver: perhaps(fc.string()) }),
  toolCpuPercent: perhaps(fc.record({ client: count, server: count })),
});

const distribution: fc.Arbitrary<LatencyDistribution> = fc.record({
  mean: perhaps(count),
  stddev: perhaps(count),
  min: perhaps(count),
  max: perhaps(count),
  p25: perhaps(count),
  p50: perhaps(count),
  p75: perhaps(count),
  p90: perhaps(count),
  p99: perhaps(count),
  p999: perhaps(count),
  p9999: perhaps(count),
  p99999: perhaps(count),
});

const spread: fc.Arbitrary<LatencySpread> = fc.record({
  meanAbsoluteDeviationNs: count,
  medianAbsoluteDeviationNs: count,
  semiInterquartileRangeNs: count,
  coefficientOfVariation: count,
  standardErrorNs: count,
  confidence99Ns: fc.record({ low: count, high: count }),
});

const latency: fc.Arbitrary<Latency> = fc.record({
  protocol: perhaps(fc.constantFrom('tcp' as const, 'udp')),
  mode: perhaps(fc.constantFrom('ping-pong' as const, 'under-load')),
  messages: perhaps(count),
  sentMessages: perhaps(count),
  receivedMessages: perhaps(count),
  droppedMessages: perhaps(count),
  duplicatedMessages: perhaps(count),
  outOfOrderMessages: perhaps(count),
  messageBytes: perhaps(count),
  durationNs: perhaps(count),
  halfRoundTripNs: distribution,
  roundTripNs: distribution,
  spread: perhaps(spread),
  histogram: fc.constant(null),
});

const call: fc.Arbitrary<SystemCall> = fc.record({
  name: fc.constantFrom('read', 'readv', 'write', 'writev', 'ppoll', 'ioctl', 'io_uring_enter', 'futex'),
  request: perhaps(fc.constantFrom('KVM_RUN', 'KVM_IRQ_LINE')),
  kind: fc.constantFrom('work' as const, 'wait', 'run'),
  count,
  timeNs: perhaps(count),
});

const systemCalls: fc.Arbitrary<SystemCalls> = fc.record({
  source: fc.constantFrom('bpftrace' as const, 'procfs-io', 'perf-trace', 'strace'),
  sourceReason: perhaps(fc.string()),
  mode: perhaps(fc.constantFrom('inline' as const, 'separate')),
  window: perhaps(window),
  onlyCalls: perhaps(fc.array(fc.constantFrom('read', 'write', 'sendto'), few)),
  messages: perhaps(count),
  bytes: perhaps(count),
  lostEvents: perhaps(count),
  threads: fc.array(
    fc.record({
      tid: perhaps(fc.nat()),
      name: perhaps(fc.string()),
      role: perhaps(role),
      calls: fc.array(call, few),
    }),
    few,
  ),
});

const exits = fc.array(fc.record({ reason: fc.constantFrom('HLT', 'EPT_MISCONFIG', 'MMIO', '72'), count }), few);

const kvmExits: fc.Arbitrary<KvmExits> = fc.record({
  mode: fc.constantFrom('inline' as const, 'separate'),
  window,
  messages: perhaps(count),
  bytes: perhaps(count),
  threads: fc.array(fc.record({ tid: fc.nat(), name: fc.string(), exits, userspaceExits: exits }), few),
  accesses: fc.array(fc.record({ device: fc.string(), kind: fc.constantFrom('mmio' as const, 'pio'), count }), few),
});

const crossed = fc.record({ packets: perhaps(count), bytes: perhaps(count) });

const vmmCounters: fc.Arbitrary<VmmCounters> = fc.record({
  source: fc.string(),
  fromGuest: crossed,
  toGuest: crossed,
  // The schema leaves the other one out.
  counters: fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    count,
    { maxKeys: 3 },
  ),
});

const vmmErrors: fc.Arbitrary<VmmErrors> = fc.record({
  count: fc.nat(),
  lines: fc.array(fc.string({ maxLength: vmmErrorLimits.characters }), few),
});

const vmmMemory: fc.Arbitrary<VmmMemory> = fc.record({
  residentBytes: count,
  proportionalBytes: count,
  swapBytes: count,
});

const thread: fc.Arbitrary<ThreadCpu> = fc.record({
  tid: fc.nat(),
  name: fc.string(),
  role,
  runNs: count,
  waitNs: count,
  userNs: count,
  systemNs: count,
  guestNs: count,
  voluntarySwitches: perhaps(count),
  involuntarySwitches: perhaps(count),
});

const linkDirection = fc.record({ packets: count, bytes: count, drops: count, errors: count });
const link: fc.Arbitrary<LinkReading> = fc.record({
  device: fc.string(),
  fromGuest: linkDirection,
  toGuest: linkDirection,
});

const cpuTimes: fc.Arbitrary<CpuTimes> = fc.record({
  userNs: count,
  niceNs: count,
  systemNs: count,
  irqNs: count,
  softirqNs: count,
  stealNs: count,
  idleNs: count,
  iowaitNs: count,
});

const hostCpu: fc.Arbitrary<HostCpu> = fc.record({
  total: cpuTimes,
  cpus: fc.array(fc.record({ cpu: fc.nat(), times: cpuTimes }), few),
  ours: fc.array(
    fc.record({ name: fc.string(), part: fc.constantFrom('vmm' as const, 'tool', 'tracer', 'tapbench'), runNs: count }),
    few,
  ),
});

const rounding = fc.dictionary(
  fc.constantFrom(
    ...['throughput.bitsPerSecond', 'throughput.bytes', 'throughput.durationNs', 'throughput.sentBytes'],
    ...['throughput.streams.0.bytes', 'throughput.intervals.0.bytes', 'latency.messages', 'latency.durationNs'],
    ...['latency.halfRoundTripNs.p50', 'latency.halfRoundTripNs.mean', 'latency.halfRoundTripNs.stddev'],
    ...['latency.spread.standardErrorNs', 'latency.spread.coefficientOfVariation'],
  ),
  count,
);
const { commands } = sampleIperf3Measurement();

/** What lab notes leave out of their command lines, and a tool that only they have. */
const notedSpecs: readonly RecordedWorkload[] = [
  {
    kind: 'iperf',
    name: 'iperf',
    durationNs: null,
    protocol: null,
    streams: null,
    direction: 'both',
    omitNs: null,
    targetBitsPerSecond: null,
    bufferBytes: null,
  },
  {
    kind: 'sockperf',
    name: 'sockperf',
    durationNs: null,
    mode: null,
    protocol: null,
    messageBytes: null,
    messagesPerSecond: null,
  },
];

/** Any measurement that the schema takes, however little sense it makes; its command lines are a sample's. */
export const arbitraryMeasurement: fc.Arbitrary<WholeMeasurement> = fc.record({
  workload: fc.string(),
  spec: fc.constantFrom(
    sampleIperf3Spec(),
    sampleIperf3Spec({ direction: 'download', omitNs: 1_000_000_000, protocol: 'udp' }),
    sampleSockperfSpec(),
    sampleSockperfSpec({ protocol: 'tcp', mode: 'under-load', messageBytes: 65_507 }),
    ...notedSpecs,
  ),
  window: perhaps(window),
  startedAt: perhaps(fc.constant('2025-01-01T12:00:00.000Z')),
  commands: fc.record({ server: perhaps(fc.constant(commands.server)), client: perhaps(fc.constant(commands.client)) }),
  throughput: perhaps(throughput),
  latency: perhaps(latency),
  work: fc.record({ roundTrips: perhaps(count), payloadBytes: perhaps(count) }),
  systemCalls: perhaps(systemCalls),
  kvmExits: perhaps(kvmExits),
  vmmCounters: perhaps(vmmCounters),
  vmmErrors: perhaps(vmmErrors),
  vmmMemory: fc.option(perhaps(vmmMemory), { nil: undefined }),
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
      window,
      throughput: perhaps(throughput),
      latency: perhaps(latency),
      threads: fc.array(thread, few),
      link: perhaps(link),
      vmmErrors: perhaps(vmmErrors),
      files: fc.constant([]),
    }),
  ),
  consoleBytes: perhaps(count),
  notMeasured: fc.constant({}),
  noted: perhaps(fc.record({ section: fc.array(fc.string(), few), line: fc.integer({ min: 1 }), rounding })),
});
