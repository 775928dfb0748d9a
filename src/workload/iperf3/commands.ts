import { wholeSeconds, wholeSecondsNs } from '../whole-seconds.ts';
import type { ClientCommand, ServerCommand, WorkloadPlace } from '../workload.ts';
import type { Iperf3Spec } from './record.ts';

/** iperf3's own default (iperf3(1), `-p`). */
const port = '5201';
/** Enough for a SYN to be sent again twice (1 s, then 2 s: RFC 6298); a path that needs longer is broken. */
const connectTimeoutMs = '5000';

/** One-shot: it ends after its first client. */
export function server(_spec: Iperf3Spec, place: WorkloadPlace): ServerCommand {
  return {
    argv: ['iperf3', '-s', '-1', '-J', '-B', place.serverAddress, '-p', port],
    env: {},
    // Of UDP tests too: the control connection is always TCP.
    ready: { protocol: 'tcp', port: Number(port) },
  };
}

/** iperf3's `-b` counts for each stream (0: unlimited, and UDP's default is 1 Mbit/s); the experiment's target is for all of them. */
function rateArguments(spec: Iperf3Spec): string[] {
  if (spec.targetBitsPerSecond !== null) {
    return ['-b', String(Math.max(1, Math.round(spec.targetBitsPerSecond / spec.streams)))];
  }
  return spec.protocol === 'udp' ? ['-b', '0'] : [];
}

export function client(spec: Iperf3Spec, place: WorkloadPlace): ClientCommand {
  const argv = ['iperf3', '-c', place.serverAddress, '-p', port, '-t', String(wholeSeconds(spec.durationNs))];
  argv.push('-P', String(spec.streams), '-i', '1', '-J', '--connect-timeout', connectTimeoutMs);
  if (spec.protocol === 'udp') argv.push('-u');
  if (spec.direction === 'download') argv.push('-R');
  if (spec.direction === 'both') argv.push('--bidir');
  argv.push(...rateArguments(spec));
  if (spec.omitNs > 0) argv.push('-O', String(wholeSeconds(spec.omitNs)));
  if (spec.bufferBytes !== null) argv.push('-l', String(spec.bufferBytes));
  return { argv, env: {}, outputs: {} };
}

/** About twice what `-J` prints for a stream in an interval, and for the sum of the streams; the start and the end are as long as some intervals. */
const bytesPerInterval = 1024;
const intervalsAround = 64;

/** One interval a second. */
export function mostOutputBytes(spec: Iperf3Spec): number {
  const intervals = (spec.durationNs + spec.omitNs) / 1e9 + intervalsAround;
  const ways = spec.direction === 'both' ? 2 : 1;
  return Math.ceil(intervals * (spec.streams + 1) * ways * bytesPerInterval);
}

export function trafficNs({ durationNs, omitNs }: Iperf3Spec): number {
  return wholeSecondsNs(durationNs) + wholeSecondsNs(omitNs);
}

/** Measured under emulation on two cores, where everything is slowest. */
export const aroundTrafficNs = 0.9e9;
