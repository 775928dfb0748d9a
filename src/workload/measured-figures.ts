import type { Latency, LatencyDistribution } from '../record/latency.ts';
import type { Throughput, ThroughputInterval, ThroughputStream } from '../record/throughput.ts';

/** `T` with these figures there: a record leaves them open for lab notes; a tool that was just run does not. */
type With<T, K extends keyof T> = { [P in keyof T]: P extends K ? NonNullable<T[P]> : T[P] };

export type MeasuredStream = With<ThroughputStream, 'bytes' | 'bitsPerSecond'>;
export type MeasuredInterval = With<ThroughputInterval, 'bytes' | 'bitsPerSecond'>;

/** What iperf3 says where it ended well. */
export interface MeasuredThroughput extends With<Throughput, 'protocol' | 'bytes' | 'durationNs'> {
  streams: MeasuredStream[];
  intervals: MeasuredInterval[];
}

export type MeasuredDistribution = With<LatencyDistribution, keyof LatencyDistribution>;

/** What sockperf says where it ended well; only spread and histogram may be missing. */
export interface MeasuredLatency extends With<Latency, Exclude<keyof Latency, 'spread' | 'histogram'>> {
  halfRoundTripNs: MeasuredDistribution;
  roundTripNs: MeasuredDistribution;
}
