import type { WholeMeasurement } from '../../src/record/measurement.ts';
import type { SystemCalls, ThreadCalls } from '../../src/record/probe-readings.ts';
import type { Throughput } from '../../src/record/throughput.ts';
import { sampleNotedMeasurement } from './lab-note-run.ts';
import { sampleCall } from './probe-readings.ts';

/** iperf3 counts bytes in powers of 1024. */
const gibibyte = 1024 ** 3;
const half = 0.5;

const streams = [
  { id: 4, gigabytes: 14.4, gigabits: 4.12 },
  { id: 6, gigabytes: 14.3, gigabits: 4.1 },
  { id: 8, gigabytes: 14.3, gigabits: 4.09 },
  { id: 10, gigabytes: 14.2, gigabits: 4.07 },
];

function counts(threads: readonly (readonly [name: string, call: string, count: number])[]): SystemCalls {
  const byName = Map.groupBy(threads, ([name]) => name);
  return {
    source: 'bpftrace',
    sourceReason: null,
    mode: null,
    window: null,
    onlyCalls: ['read', 'write'],
    messages: null,
    bytes: null,
    lostEvents: null,
    threads: [...byName].map(
      ([name, calls]): ThreadCalls => ({
        tid: null,
        name,
        role: name.startsWith('fc_vcpu') ? 'vcpu' : 'vmm',
        calls: calls.map(([, call, count]) => sampleCall(call, count)),
      }),
    ),
  };
}

/** The lab note of a Firecracker guest that sends bulk data: four streams, 57.2 GBytes, three totals of system calls. */
export function notedBulk(changes: Partial<Throughput> = {}): WholeMeasurement {
  const rounding: Record<string, number> = {
    'throughput.bytes': 0.1 * half * gibibyte,
    'throughput.bitsPerSecond': 0.1e9 * half,
    'throughput.durationNs': 0.01e9 * half,
    'throughput.sentBytes': 0.1 * half * gibibyte,
  };
  for (const index of streams.keys()) {
    rounding[`throughput.streams.${String(index)}.bytes`] = 0.1 * half * gibibyte;
    rounding[`throughput.streams.${String(index)}.bitsPerSecond`] = 0.01e9 * half;
  }
  const throughput: Throughput = {
    protocol: 'tcp',
    bitsPerSecond: 16.4e9,
    bytes: 57.2 * gibibyte,
    sentBytes: 57.2 * gibibyte,
    durationNs: 30e9,
    retransmits: 0,
    intervals: [],
    datagrams: null,
    toolCpuPercent: null,
    streams: streams.map(({ id, gigabytes, gigabits }) => ({
      id,
      bytes: gigabytes * gibibyte,
      sentBytes: gigabytes * gibibyte,
      bitsPerSecond: gigabits * 1e9,
      retransmits: 0,
      meanTcpRoundTripNs: null,
    })),
    congestionControl: { sender: null, receiver: null },
    ...changes,
  };
  return sampleNotedMeasurement({
    workload: 'iperf3',
    spec: {
      kind: 'iperf3',
      name: 'iperf3',
      durationNs: 30e9,
      protocol: 'tcp',
      streams: 4,
      direction: 'upload',
      omitNs: 0,
      targetBitsPerSecond: null,
      bufferBytes: null,
    },
    throughput,
    systemCalls: {
      ...counts([
        ['fc_vcpu 0', 'write', 15_664],
        ['firecracker', 'read', 27_836],
        ['firecracker', 'write', 35_355],
      ]),
      bytes: throughput.bytes,
    },
    noted: { section: ['Throughput', 'VM as client sending bulk data to a host'], line: 10, rounding },
  });
}

const percentiles = {
  min: 39_925,
  p25: 68_501,
  p50: 70_909,
  p75: 76_258,
  p90: 84_220,
  p99: 129_705,
  p999: 264_171,
  p9999: 313_233,
  p99999: 343_253,
  max: 385_178,
  mean: 74_383,
  stddev: 15_718,
};

/** The same note's ping-pong. */
export function notedPingPong(): WholeMeasurement {
  const doubled = Object.entries(percentiles).map(([name, ns]) => [name, 2 * ns] as const);
  const rounding: Record<string, number> = {
    'latency.durationNs': 1e6 * half,
    'latency.spread.coefficientOfVariation': 0.001 * half,
  };
  for (const name of Object.keys(percentiles)) rounding[`latency.halfRoundTripNs.${name}`] = half;
  const inNs = ['semiInterquartileRangeNs', 'standardErrorNs', 'confidence99Ns.low', 'confidence99Ns.high'];
  for (const name of inNs) rounding[`latency.spread.${name}`] = half;
  return sampleNotedMeasurement({
    workload: 'sockperf',
    spec: {
      kind: 'sockperf',
      name: 'sockperf',
      durationNs: 30e9,
      mode: 'ping-pong',
      protocol: 'udp',
      messageBytes: 64,
      messagesPerSecond: null,
    },
    throughput: null,
    latency: {
      protocol: 'udp',
      mode: 'ping-pong',
      messages: 198_352,
      sentMessages: 198_352,
      receivedMessages: 198_352,
      droppedMessages: 0,
      duplicatedMessages: 0,
      outOfOrderMessages: 0,
      messageBytes: 64,
      durationNs: 29.549e9,
      halfRoundTripNs: percentiles,
      histogram: null,
      roundTripNs: { ...percentiles, ...Object.fromEntries(doubled) },
      spread: {
        meanAbsoluteDeviationNs: 8_553,
        medianAbsoluteDeviationNs: 4_873,
        semiInterquartileRangeNs: 3_878,
        coefficientOfVariation: 0.211,
        standardErrorNs: 35,
        confidence99Ns: { low: 74_292, high: 74_474 },
      },
    },
    systemCalls: {
      ...counts([
        ['fc_vcpu 0', 'write', 1_644],
        ['firecracker', 'read', 207_161],
        ['firecracker', 'write', 402_018],
      ]),
      messages: 198_352,
    },
    noted: { section: ['Latency', 'VM as client sending small requests to a host'], line: 36, rounding },
  });
}
