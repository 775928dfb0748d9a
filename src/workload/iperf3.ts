import type { Iperf3Spec } from '../record/experiment.ts';
import { readIperf3Output } from './iperf3-output.ts';
import { iperf3Reading } from './iperf3-throughput.ts';
import { wholeSeconds, wholeSecondsNs } from './whole-seconds.ts';
import type { ClientCommand, ServerCommand, Workload, WorkloadPlace } from './workload.ts';

/** iperf3's own default (iperf3(1), `-p`). */
const port = '5201';
/** Enough for a SYN to be sent again twice (1 s, then 2 s: RFC 6298); a path that needs longer is broken. */
const connectTimeoutMs = '5000';

/** One-shot: it ends after its first client. */
function server(_spec: Iperf3Spec, place: WorkloadPlace): ServerCommand {
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

function client(spec: Iperf3Spec, place: WorkloadPlace): ClientCommand {
  const argv = ['iperf3', '-c', place.serverAddress, '-p', port, '-t', String(wholeSeconds(spec.durationNs))];
  argv.push('-P', String(spec.streams), '-i', '1', '-J', '--connect-timeout', connectTimeoutMs);
  if (spec.protocol === 'udp') argv.push('-u');
  if (spec.direction === 'download') argv.push('-R');
  argv.push(...rateArguments(spec));
  if (spec.omitNs > 0) argv.push('-O', String(wholeSeconds(spec.omitNs)));
  if (spec.bufferBytes !== null) argv.push('-l', String(spec.bufferBytes));
  return { argv, env: {}, outputs: {} };
}

/** About twice what `-J` prints for a stream in an interval, and for the sum of the streams; the start and the end are as long as some intervals. */
const bytesPerInterval = 1024;
const intervalsAround = 64;

/** One interval a second. */
function mostOutputBytes(spec: Iperf3Spec): number {
  const intervals = (spec.durationNs + spec.omitNs) / 1e9 + intervalsAround;
  return Math.ceil(intervals * (spec.streams + 1) * bytesPerInterval);
}

/**
 * Bulk transfer with iperf3 3.12 or later. Seen to differ between 3.12 and 3.21, neither of which matters to the parser:
 * with `-J`, 3.12 exits 0 even on an error (1 since 3.15), later ones add fields. From 3.16 on each stream has a thread of its own, so that
 * their figures are those of another instrument and are not to be compared with earlier ones'.
 */
export const iperf3: Workload<Iperf3Spec> = {
  kind: 'iperf3',
  programs: ['iperf3'],
  server,
  client,
  silentNs: () => 0,
  trafficNs: (spec) => wholeSecondsNs(spec.durationNs) + wholeSecondsNs(spec.omitNs),
  mostOutputBytes,
  parse: (raw, spec) => Promise.resolve().then(() => iperf3Reading(readIperf3Output(raw, spec))),
};
