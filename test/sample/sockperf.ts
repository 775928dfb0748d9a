import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { StoredHistogram } from '../../src/record/latency.ts';
import type { LinkReading } from '../../src/record/probe-readings.ts';
import type { MeasuredDistribution, MeasuredLatency } from '../../src/workload/measured-figures.ts';
import type { SockperfSpec } from '../../src/workload/sockperf/record.ts';
import { sampleSockperfSpec } from './experiment.ts';
import { notRead, type SampleMeasurement } from './measurement.ts';
import { sampleGuestResources, sampleHostCpu, sampleLink, sampleSystemCalls, sampleThreads } from './probe-readings.ts';

const secondNs = 1_000_000_000;
/** What sockperf leaves out of its figures: 400 ms of warm-up and 50 ms at the end. */
const leftOutNs = 450_000_000;
/** Share of the time that a client spends inside of round trips, as measured with sockperf 3.7. */
const insideShare = 0.9985;

export interface SamplePace {
  /** Mean of the half round trip, ns; default 74,383 as in the lab note. */
  readonly meanNs?: number;
  readonly spec?: Partial<SockperfSpec>;
}

/** The lab note's distribution, scaled to a mean. */
function distribution(mean: number): MeasuredDistribution {
  const scaled = (ratio: number) => Math.round(mean * ratio);
  return {
    mean,
    stddev: scaled(0.2113),
    min: scaled(0.5368),
    max: scaled(5.1784),
    p25: scaled(0.921),
    p50: scaled(0.9533),
    p75: scaled(1.0252),
    p90: scaled(1.1323),
    p99: scaled(1.7438),
    p999: scaled(3.5507),
    p9999: scaled(4.2124),
    p99999: scaled(4.6147),
  };
}

function doubled(half: MeasuredDistribution): MeasuredDistribution {
  const { mean, stddev, min, max, p25, p50, p75, p90, p99, p999, p9999, p99999 } = half;
  return {
    mean: 2 * mean,
    stddev: 2 * stddev,
    min: 2 * min,
    max: 2 * max,
    p25: 2 * p25,
    p50: 2 * p50,
    p75: 2 * p75,
    p90: 2 * p90,
    p99: 2 * p99,
    p999: 2 * p999,
    p9999: 2 * p9999,
    p99999: 2 * p99999,
  };
}

/** A histogram of that many messages with about these percentiles. */
function histogram(half: MeasuredDistribution, messages: number): StoredHistogram {
  const recorder = build({ lowestDiscernibleValue: 1, highestTrackableValue: 1e10, numberOfSignificantValueDigits: 3 });
  const steps: [number, number][] = [
    [half.p25, 0.375],
    [half.p50, 0.25],
    [half.p75, 0.2],
    [half.p90, 0.13],
    [half.p99, 0.044],
    [half.p999, 0.001],
  ];
  for (const [value, share] of steps) recorder.recordValueWithCount(value, Math.floor(messages * share));
  return {
    encoding: 'hdrhistogram-v2-base64',
    unit: 'ns',
    significantDigits: 3,
    data: encodeIntoCompressedBase64(recorder),
  };
}

/** What sockperf reports of a ping-pong in which nothing was lost, with `--full-log`. */
export function sampleLatency(pace: SamplePace = {}): MeasuredLatency {
  const spec = sampleSockperfSpec(pace.spec);
  const mean = pace.meanNs ?? 74_383;
  const durationNs = spec.durationNs - leftOutNs;
  const messages = Math.round((durationNs * insideShare) / (2 * mean));
  const half = distribution(mean);
  const standardErrorNs = half.stddev / Math.sqrt(messages);
  return {
    protocol: spec.protocol,
    mode: spec.mode === 'throughput' ? 'ping-pong' : spec.mode,
    messages,
    sentMessages: messages,
    receivedMessages: messages,
    droppedMessages: 0,
    duplicatedMessages: 0,
    outOfOrderMessages: 0,
    messageBytes: spec.messageBytes,
    durationNs,
    halfRoundTripNs: half,
    roundTripNs: doubled(half),
    spread: {
      meanAbsoluteDeviationNs: Math.round(mean * 0.115),
      medianAbsoluteDeviationNs: Math.round(mean * 0.0655),
      semiInterquartileRangeNs: (half.p75 - half.p25) / 2,
      coefficientOfVariation: half.stddev / mean,
      standardErrorNs,
      confidence99Ns: { low: mean - 2.5758 * standardErrorNs, high: mean + 2.5758 * standardErrorNs },
    },
    histogram: histogram(half, messages),
  };
}

/** The whole window's work: the messages of warm-up and cool-down are not in the tool's figures. */
function allWork(latency: MeasuredLatency): { roundTrips: number; payloadBytes: number } {
  const roundTrips = Math.round((latency.messages * (latency.durationNs + leftOutNs)) / latency.durationNs);
  return { roundTrips, payloadBytes: 2 * roundTrips * latency.messageBytes };
}

/** One UDP frame a message each way: Ethernet 14, IPv4 20, UDP 8 and the message. */
export function sampleMessageLink(latency: MeasuredLatency): LinkReading {
  const frames = (packets: number) => ({ packets, bytes: packets * (42 + latency.messageBytes) });
  const { roundTrips } = allWork(latency);
  return sampleLink(frames(roundTrips), frames(roundTrips));
}

/** A healthy measurement of sockperf ping-pong, traced in a window of 5 s of its own with 4 % more latency. */
export function sampleSockperfMeasurement(pace: SamplePace = {}): SampleMeasurement {
  const spec = sampleSockperfSpec(pace.spec);
  const latency = sampleLatency(pace);
  const startNs = 2_000 * secondNs;
  const windowNs = spec.durationNs + 0.2 * secondNs;
  const threads = sampleThreads(windowNs, { vmm: 0.35, vcpu: 0.4 });
  const traced = sampleLatency({
    meanNs: latency.halfRoundTripNs.mean * 1.04,
    spec: { ...spec, durationNs: 5 * secondNs },
  });
  const tracedLink = sampleMessageLink(traced);
  const tracedWindow = { startNs: startNs + windowNs + secondNs, endNs: startNs + windowNs + 6.2 * secondNs };
  return {
    workload: spec.name,
    spec,
    window: { startNs, endNs: startNs + windowNs },
    startedAt: '2025-01-01T12:00:45.000Z',
    commands: {
      server: {
        endpoint: 'host',
        argv: ['sockperf', 'server', '-i', '192.168.100.1'],
        exitStatus: null,
        files: ['sockperf/server.txt'],
      },
      client: {
        endpoint: 'guest',
        argv: ['sockperf', 'ping-pong', '-i', '192.168.100.1', '-m', '64', '-t', '30', '--full-log', '/tmp/log.csv'],
        exitStatus: 0,
        files: ['sockperf/client.txt', 'sockperf/log.csv.gz'],
      },
    },
    throughput: null,
    latency,
    work: allWork(latency),
    systemCalls: sampleSystemCalls(
      {
        mode: 'separate',
        window: tracedWindow,
        messages: allWork(traced).roundTrips,
        bytes: allWork(traced).payloadBytes,
      },
      tracedLink,
    ),
    threads,
    link: sampleMessageLink(latency),
    hostCpu: sampleHostCpu(windowNs, threads),
    guestResources: sampleGuestResources(windowNs),
    traced: {
      window: tracedWindow,
      throughput: null,
      latency: { ...traced, spread: null, histogram: null },
      threads: sampleThreads(5.2 * secondNs, { vmm: 0.36, vcpu: 0.4 }),
      link: tracedLink,
      vmmErrors: { count: 0, lines: [] },
      files: ['sockperf/traced/client.txt'],
    },
    consoleBytes: 0,
    ...notRead.parts,
    vmmErrors: { count: 0, lines: [] },
    notMeasured: { throughput: 'sockperf ping-pong reports no throughput', ...notRead.reasons },
  };
}
