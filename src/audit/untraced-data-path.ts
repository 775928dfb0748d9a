import type { Finding } from '../record/finding.ts';
import type { WholeMeasurement } from '../record/measurement.ts';
import type { LinkReading, SystemCalls } from '../record/probe-readings.ts';
import type { Audit, AuditContext } from './audit.ts';
import { amount, sum } from './quantity.ts';
import { rounded } from './rounding.ts';

const audit = 'untraced-data-path';

/** One frame a call is all that a tap gives or takes: 65,535 bytes of IPv4 packet, 14 of Ethernet, rounded up; the virtio header is not in the link's counters. */
const mostBytesPerCall = 65_550;
/** Calls and frames are read a few ms apart at each edge. */
const leastCallsPerFrame = 0.9;
/** Below this the edges of the window and ARP are a large part of it. */
const leastBytes = 1_000_000;
/** The same in round trips. */
const leastRoundTrips = 1000;

/** Calls that can carry a frame. Eventfds and timers are read by them too, so their number is an upper bound: the audit errs to silence. */
const dataCalls = new Set([
  ...['read', 'readv', 'pread64', 'preadv', 'preadv2', 'recvfrom', 'recvmsg'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg'],
]);
/** Calls that carry any number of frames: with one of them in use there is no bound. */
const batchCalls = new Set(['recvmmsg', 'sendmmsg', 'io_uring_enter', 'io_submit', 'splice', 'sendfile']);

function countOf(calls: SystemCalls, names: ReadonlySet<string>): number {
  return sum(
    calls.threads.flatMap((thread) => thread.calls.filter((call) => names.has(call.name)).map((call) => call.count)),
  );
}

/** What must have crossed the tap in the window in which the calls were counted. */
interface Crossed {
  readonly bytes: number;
  /** null: not known, so that only the bytes speak. */
  readonly frames: number | null;
}

/** The link over that window. */
function linkOf(measurement: WholeMeasurement): LinkReading | null {
  return measurement.systemCalls?.mode === 'separate' ? (measurement.traced?.link ?? null) : measurement.link;
}

/** Where the link was not read: the payload that arrived, which is less than what crossed the tap; null where it is not known. */
function payloadOf(measurement: WholeMeasurement): Crossed | null {
  const { systemCalls, throughput, traced } = measurement;
  const own = systemCalls?.mode === 'separate' ? (traced?.throughput ?? null) : throughput;
  if (own === null || own.bytes === null) return null;
  const { value, rounding } = rounded(measurement, 'throughput.bytes', own.bytes);
  return { bytes: value - rounding, frames: null };
}

function crossedIn(measurement: WholeMeasurement): Crossed | null {
  const link = linkOf(measurement);
  if (link === null) return payloadOf(measurement);
  const { fromGuest, toGuest } = link;
  return { bytes: fromGuest.bytes + toGuest.bytes, frames: fromGuest.packets + toGuest.packets };
}

/** Its workers are threads of the kernel, `vhost-` and the process that they work for (drivers/vhost/vhost.c). */
function hasVhost({ threads, systemCalls }: WholeMeasurement): boolean {
  return [...threads, ...(systemCalls?.threads ?? [])].some(
    (thread) => thread.role === 'vhost' || (thread.name?.startsWith('vhost-') ?? false),
  );
}

/** What was looked for, where that was not everything. */
function onlyText({ onlyCalls }: SystemCalls): string {
  if (onlyCalls === null) return '';
  const missing = ['readv', 'writev'].filter((name) => !onlyCalls.includes(name));
  const others = missing.length === 0 ? '' : `: ${missing.join(' and ')} may have carried them`;
  return ` (it looked for ${onlyCalls.join(', ')} only${others})`;
}

function messageOf(calls: SystemCalls, { bytes, frames }: Crossed, isVoid: boolean): string {
  const count = countOf(calls, dataCalls);
  const each =
    count === 0
      ? 'none of its calls was counted'
      : `${amount(bytes / count)} bytes for each of the ${amount(count)} calls that can carry them`;
  const limit = isVoid ? `, one carries at most ${amount(mostBytesPerCall)}` : '';
  const what = frames === null ? 'bytes of payload' : `bytes in ${amount(frames)} frames`;
  return `${frames === null ? 'at least ' : ''}${amount(bytes)} ${what} crossed the tap, ${each}${limit}: the tracer missed the data path${onlyText(calls)}`;
}

/** Frames of a round trip: one each way. */
const framesPerRoundTrip = 2;
/** A call carries one frame of a message: with fewer calls than half the frames some of them crossed in none that was counted. */
const leastCallsPerMessageFrame = 0.5;

/** Round trips of a lab note, in which nobody read the link: each crosses the VMM at least twice. */
function judgeRoundTrips({ latency, link, systemCalls }: WholeMeasurement): Finding[] {
  const roundTrips = systemCalls?.messages ?? null;
  if (systemCalls === null || latency === null || link !== null || roundTrips === null) return [];
  const calls = countOf(systemCalls, dataCalls);
  if (roundTrips < leastRoundTrips || calls >= roundTrips * framesPerRoundTrip * leastCallsPerMessageFrame) return [];
  const all = sum(systemCalls.threads.flatMap((thread) => thread.calls.map((call) => call.count)));
  const message = `${amount(calls)} of ${amount(all)} calls can carry data, for ${amount(roundTrips)} round trips: the data path was not traced${onlyText(systemCalls)}, or the kernel moves the packets (vhost)`;
  return [{ level: 'void', audit, message, concerns: ['systemCalls', 'cost'] }];
}

/**
 * Every byte of a tap crosses the VMM in some call. Where the calls that were counted can't have carried what the link did, the tracer
 * missed the data path (as a script that traces `write` but not `writev`): counts and costs are void.
 */
export const untracedDataPath: Audit = {
  name: audit,
  holdsFor: 'machine',
  judge({ measurement, trial }: AuditContext): Finding[] {
    const { systemCalls, threads } = measurement;
    const { topology, nic } = trial.configuration;
    // Without a guest there is no tap, and programs write more in a call than a frame.
    if (topology === 'host-to-host' || systemCalls?.isLowerBound === true) return [];
    if (measurement.noted !== null && systemCalls !== null && countOf(systemCalls, batchCalls) === 0) {
      const ofRoundTrips = judgeRoundTrips(measurement);
      if (ofRoundTrips.length > 0) return ofRoundTrips;
    }
    const crossed = crossedIn(measurement);
    if (systemCalls === null || crossed === null || countOf(systemCalls, batchCalls) > 0) return [];
    const { bytes, frames } = crossed;
    const calls = countOf(systemCalls, dataCalls);
    const isVoid = calls === 0 || bytes / calls > mostBytesPerCall;
    const isShort = frames === null ? isVoid : calls < frames * leastCallsPerFrame;
    if (bytes < leastBytes || !isShort) return [];
    if (nic?.vhost === true || hasVhost(measurement)) {
      const message = 'the kernel moves the packets (vhost): system calls say nothing of their cost';
      return [{ level: 'note', audit, message, concerns: ['systemCalls'] }];
    }
    const message = messageOf(systemCalls, crossed, isVoid);
    // Without CPU times all costs are of calls.
    const concerns: Finding['concerns'] = threads.length === 0 ? ['systemCalls', 'cost'] : ['systemCalls'];
    return [{ level: isVoid ? 'void' : 'doubt', audit, message, concerns }];
  },
};
