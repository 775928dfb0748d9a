import type { LinkReading } from '../../src/record/probe-readings.ts';
import type { Iperf3Spec } from '../../src/workload/iperf3/record.ts';
import type { MeasuredInterval, MeasuredStream, MeasuredThroughput } from '../../src/workload/measured-figures.ts';
import { sampleIperf3Spec } from './experiment.ts';
import { notRead, type SampleMeasurement } from './measurement.ts';
import { sampleGuestResources, sampleHostCpu, sampleLink, sampleSystemCalls, sampleThreads } from './probe-readings.ts';

const secondNs = 1_000_000_000;
/** What a stream had on its way when the clock stopped. */
const inFlightBytes = 524_288;
/** A frame of segmentation offload, without its headers, as a busy guest makes them. */
const frameBytes = 40_000;
/** Ethernet 14, IPv4 20, TCP 20 and its timestamps 12. */
const headerBytes = 66;

export interface SampleRate {
  /** Received bits per second; default 16.4 Gbit/s as in the lab note. */
  readonly bitsPerSecond?: number;
  readonly spec?: Partial<Iperf3Spec>;
}

function stream(id: number, bytes: number, seconds: number): MeasuredStream {
  return {
    id,
    bytes,
    sentBytes: bytes + inFlightBytes,
    bitsPerSecond: (bytes * 8) / seconds,
    retransmits: 0,
    meanTcpRoundTripNs: 310_000,
  };
}

/** One interval a second; the last one carries what is left over by rounding. */
function intervals(sentBytes: number, seconds: number): MeasuredInterval[] {
  const each = Math.floor(sentBytes / seconds);
  return Array.from({ length: seconds }, (_, second) => {
    const bytes = second === seconds - 1 ? sentBytes - each * (seconds - 1) : each;
    const startNs = second * secondNs;
    return { startNs, endNs: startNs + secondNs, bytes, bitsPerSecond: bytes * 8, retransmits: 0, isOmitted: false };
  });
}

/** What iperf3 reports of a TCP transfer of whole seconds in which nothing went wrong. */
export function sampleThroughput(rate: SampleRate = {}): MeasuredThroughput {
  const spec = sampleIperf3Spec(rate.spec);
  const seconds = Math.round(spec.durationNs / secondNs);
  const perStream = Math.round(((rate.bitsPerSecond ?? 16_400_000_000) / 8 / spec.streams) * seconds);
  const streams = Array.from({ length: spec.streams }, (_, index) => stream(5 + 2 * index, perStream, seconds));
  const bytes = perStream * spec.streams;
  const sentBytes = bytes + inFlightBytes * spec.streams;
  return {
    protocol: 'tcp',
    bitsPerSecond: (bytes * 8) / seconds,
    bytes,
    sentBytes,
    durationNs: seconds * secondNs,
    retransmits: 0,
    streams,
    intervals: intervals(spec.direction === 'upload' ? sentBytes : bytes, seconds),
    datagrams: null,
    congestionControl: { sender: 'cubic', receiver: 'cubic' },
    toolCpuPercent: { client: 45, server: 40 },
  };
}

/** The frames of a transfer: data one way in frames of segmentation offload, an acknowledgement for every second one. */
export function sampleBulkLink(throughput: MeasuredThroughput, direction: Iperf3Spec['direction']): LinkReading {
  const payload = throughput.sentBytes ?? throughput.bytes;
  const packets = Math.ceil(payload / frameBytes);
  const data = { packets, bytes: payload + packets * headerBytes };
  const acknowledgements = { packets: Math.ceil(packets / 2), bytes: Math.ceil(packets / 2) * headerBytes };
  return direction === 'upload' ? sampleLink(data, acknowledgements) : sampleLink(acknowledgements, data);
}

/** A healthy measurement of iperf3, traced in a window of 5 s of its own at 97 % of the speed. */
export function sampleIperf3Measurement(rate: SampleRate = {}): SampleMeasurement {
  const spec = sampleIperf3Spec(rate.spec);
  const throughput = sampleThroughput(rate);
  const startNs = 1_000 * secondNs;
  const windowNs = throughput.durationNs + 0.15 * secondNs;
  const threads = sampleThreads(windowNs, { vmm: 0.9, vcpu: 0.75 });
  const traced = sampleThroughput({
    bitsPerSecond: throughput.bitsPerSecond * 0.97,
    spec: { ...spec, durationNs: 5 * secondNs },
  });
  const tracedLink = sampleBulkLink(traced, spec.direction);
  const tracedWindow = { startNs: startNs + windowNs + secondNs, endNs: startNs + windowNs + 6.15 * secondNs };
  return {
    workload: spec.name,
    spec,
    window: { startNs, endNs: startNs + windowNs },
    startedAt: '2025-01-01T12:00:05.000Z',
    commands: {
      server: { endpoint: 'host', argv: ['iperf3', '-s', '-1'], exitStatus: 0, files: ['iperf3/server.txt'] },
      client: {
        endpoint: 'guest',
        argv: ['iperf3', '-c', '192.168.100.1', '-t', '30', '-P', '4', '-J'],
        exitStatus: 0,
        files: ['iperf3/client.json'],
      },
    },
    throughput,
    latency: null,
    work: { roundTrips: null, payloadBytes: throughput.bytes },
    systemCalls: sampleSystemCalls(
      { mode: 'separate', window: tracedWindow, messages: null, bytes: traced.bytes },
      tracedLink,
    ),
    threads,
    link: sampleBulkLink(throughput, spec.direction),
    hostCpu: sampleHostCpu(windowNs, threads),
    guestResources: sampleGuestResources(windowNs),
    traced: {
      window: tracedWindow,
      throughput: traced,
      latency: null,
      threads: sampleThreads(5.15 * secondNs, { vmm: 0.92, vcpu: 0.74 }),
      link: tracedLink,
      vmmErrors: { count: 0, lines: [] },
      files: ['iperf3/traced/client.json'],
    },
    consoleBytes: 0,
    ...notRead.parts,
    vmmErrors: { count: 0, lines: [] },
    notMeasured: { latency: 'iperf3 reports no latency', ...notRead.reasons },
  };
}
